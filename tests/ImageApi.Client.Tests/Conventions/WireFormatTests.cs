using System.Collections;
using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ImageApi.Client.Tests.Conventions;

/// <summary>What every name on the wire looks like, and what is never null of an answer.</summary>
public sealed partial class WireFormatTests
{
    private static readonly ReferenceImage InlineReference = ReferenceImage.FromBytes(new byte[] { 1, 2, 3 }, "image/png");

    private static readonly ImageRequest FullRequest = new()
    {
        Prompt = "A red fox", Model = "m", Size = "64x64", ResponseFormat = ImageResponseFormat.Url, ReferenceImages = ["https://example.com/a.png", InlineReference],
        Quality = ImageQuality.High, OutputFormat = ImageOutputFormat.Png, Background = ImageBackground.Auto, Count = 2, User = "u",
    };

    private static readonly ImageJobInput FullJobInput = new()
    {
        Prompt = "A red fox", Image = InlineReference, ReferenceImageUrls = ["https://example.com/a.png"], ReferenceImages = [InlineReference], Mask = InlineReference, Size = "64x64",
        Quality = ImageQuality.High, OutputFormat = ImageOutputFormat.Png, ResponseFormat = ImageResponseFormat.Url, Background = ImageBackground.Auto, Count = 2,
        User = "u", AspectRatio = AspectRatio.Square,
    };

    /// <summary>The lists of names by which answers are read and requests are checked, by the type that has them.</summary>
    private static readonly IReadOnlyList<(string Name, string[] Names)> NameTables =
    [
        .. from type in typeof(ImageApiClient).Assembly.GetTypes()
           where (type.Name.EndsWith("Parser", StringComparison.Ordinal) && type.Name != "RetryAfterParser") || type.Name.EndsWith("Writer", StringComparison.Ordinal) || type.Name is "PartialJobId" or nameof(ImageJobInput)
           from field in type.GetFields(BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly)
           where field.FieldType == typeof(string[])
           select ($"{type.Name}.{field.Name}", (string[])field.GetValue(null)!),
    ];

    /// <summary>The lists that are declared as never null, of everything public that can be made without arguments.</summary>
    private static readonly IReadOnlyList<PropertyInfo> ListProperties =
    [
        .. from type in typeof(ImageApiClient).Assembly.GetExportedTypes()
           where !type.IsAbstract && !type.IsGenericTypeDefinition && type.GetConstructor(Type.EmptyTypes) is not null
           from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
           where IsList(property)
           select property,
    ];

    public static TheoryData<string> UnusualJobResponses =>
    [
        """{"id":"job_1"}""", """{"id":"job_1","output":null}""", """{"id":"job_1","output":[]}""", """{"id":"job_1","output":"none"}""",
        """{"id":"job_1","output":{"images":null,"videos":{},"audios":7}}""", """{"id":"job_1","status":"succeeded","output":{"images":[null,{},[]]}}""",
    ];

    [Fact]
    public void Name_tables_and_list_properties_are_found() => Assert.True(NameTables.Count > 15 && ListProperties.Count > 10, $"{NameTables.Count} tables, {ListProperties.Count} lists");

    [Fact]
    public void Parsed_names_are_snake_case() => Assert.Empty(
        from table in NameTables
        from name in table.Names
        where !IsSnakeCase(name)
        select $"{table.Name}: {name}");

    [Fact]
    public void Parsed_names_are_unique_within_their_table() => Assert.Empty(
        from table in NameTables
        where table.Names.Distinct(StringComparer.OrdinalIgnoreCase).Count() < table.Names.Length
        select table.Name);

    [Fact]
    public async Task Serialized_names_are_snake_case_and_unique()
    {
        var (request, job) = await WriteAsync(FullRequest, FullJobInput);

        Assert.Empty(InvalidNames(request).Concat(InvalidNames(job)));
    }

    [Theory]
    [InlineData("""{"imageUrl":1}""", "imageUrl")]
    [InlineData("""{"n":1,"a":[{"b":{"size":1,"size":2}}]}""", "size")]
    public void Invalid_names_are_detected(string json, string name) => Assert.Equal(name, Assert.Single(InvalidNames(json)));

    /// <summary>A field that is missing from the table could be written twice: by its property and by AdditionalParameters.</summary>
    [Fact]
    public async Task Every_serialized_field_is_a_reserved_parameter_name()
    {
        var (request, job) = await WriteAsync(FullRequest, FullJobInput);

        Assert.Equal(OwnFieldNames("ImageRequestWriter"), MemberNames(request));
        Assert.Equal(OwnFieldNames(nameof(ImageJobInput)), MemberNames(job, "input"));
    }

    [Fact]
    public void Full_requests_set_every_property() =>
        Assert.Equal([nameof(ImageRequest.AdditionalParameters), nameof(ImageJobInput.AdditionalParameters)], UnsetProperties(FullRequest).Concat(UnsetProperties(FullJobInput)));

    [Fact]
    public void Unset_property_is_detected() => Assert.Contains(nameof(ImageRequest.User), UnsetProperties(FullRequest with { User = null }));

    [Fact]
    public void List_properties_are_never_null() => Assert.Empty(ListProperties.Where(CanBeNull).Select(static list => $"{list.DeclaringType!.Name}.{list.Name}"));

    [Fact]
    public void Null_list_is_detected()
    {
        Assert.True(CanBeNull(typeof(NullableNames).GetProperty(nameof(NullableNames.Names))!));
        Assert.Equal("NullableNames.Names", Assert.Single(NullLists(new NullableNames { Names = null! })));
    }

    [Theory]
    [MemberData(nameof(UnusualJobResponses))]
    public async Task Lists_of_a_parsed_response_are_never_null(string json)
    {
        using var handler = new StubHandler(TimeProvider.System, StubHandler.Json(json));
        using var client = TestClients.Create(handler, TestClients.Options(new Uri("https://backend:8000")));

        var job = await client.Jobs.GetAsync("job_1");

        Assert.Empty(NullLists(job));
    }

    private static bool IsList(PropertyInfo property) =>
        property.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(property.PropertyType) && property.GetIndexParameters().Length == 0
        && new NullabilityInfoContext().Create(property).ReadState == NullabilityState.NotNull;

    private static bool CanBeNull(PropertyInfo property)
    {
        var instance = Activator.CreateInstance(property.DeclaringType!)!;
        if (property.GetValue(instance) is null)
        {
            return true;
        }

        property.GetSetMethod()?.Invoke(instance, [null]);
        return property.GetValue(instance) is null;
    }

    private static IEnumerable<string> NullLists(object result) =>
        from property in result.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.GetIndexParameters().Length == 0
        let value = property.GetValue(result)
        from name in value switch
        {
            null when IsList(property) => [$"{result.GetType().Name}.{property.Name}"],
            IEnumerable<GeneratedMedia> media => media.SelectMany(NullLists),
            JobOutput output => NullLists(output),
            _ => Enumerable.Empty<string>(),
        }
        select name;

    private static IEnumerable<string> UnsetProperties(object request) =>
        from property in request.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.GetValue(request) is null or ICollection { Count: 0 }
        select property.Name;

    private static async Task<(string Request, string Job)> WriteAsync(ImageRequest request, ImageJobInput input)
    {
        using var handler = new ScriptedHandler(static (index, _) =>
            ScriptedHandler.CreateResponse(HttpStatusCode.OK, index == 0 ? """{"data":[{"url":"https://example.com/a.png"}]}""" : """{"id":"job_1"}"""));
        using var client = TestClients.Create(handler, TestClients.Options(new Uri("https://backend:8000")));
        await client.Images.GenerateAsync(request);
        await client.Jobs.SubmitAsync(new JobRequest { Model = "m", Input = input });
        return (handler.Bodies[0], handler.Bodies[1]);
    }

    private static IEnumerable<string> OwnFieldNames(string type) => NameTables.Single(table => table.Name == type + ".KnownFields").Names.Order(StringComparer.Ordinal);

    private static IEnumerable<string> MemberNames(string json, string? member = null)
    {
        using var body = JsonDocument.Parse(json);
        var value = member is null ? body.RootElement : body.RootElement.GetProperty(member);
        return [.. value.EnumerateObject().Select(static item => item.Name).Order(StringComparer.Ordinal)];
    }

    /// <summary>Names that are not snake_case, and names that their object has twice.</summary>
    private static IEnumerable<string> InvalidNames(string json)
    {
        using var body = JsonDocument.Parse(json);
        return [.. InvalidNamesIn(body.RootElement)];

        static IEnumerable<string> InvalidNamesIn(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray().SelectMany(InvalidNamesIn),
            JsonValueKind.Object => value.EnumerateObject().Select(static member => member.Name).Where(static name => !IsSnakeCase(name))
                .Concat(value.EnumerateObject().GroupBy(static member => member.Name, StringComparer.OrdinalIgnoreCase).Where(static group => group.Count() > 1).Select(static group => group.Key))
                .Concat(value.EnumerateObject().SelectMany(static member => InvalidNamesIn(member.Value))),
            _ => [],
        };
    }

    private static bool IsSnakeCase(string name) => SnakeCase().IsMatch(name);

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex SnakeCase();

    private sealed record NullableNames
    {
        public IReadOnlyList<string> Names { get; init; } = [];
    }
}
