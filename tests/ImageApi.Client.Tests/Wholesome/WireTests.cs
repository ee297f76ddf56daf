using System.Collections;
using System.Net;
using System.Reflection;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace ImageApi.Client.Tests.Wholesome;

/// <summary>What every name on the wire looks like, and what is never null of an answer.</summary>
public sealed partial class WireTests
{
    private static readonly ReferenceImage Bytes = ReferenceImage.FromBytes(new byte[] { 1, 2, 3 }, "image/png");

    private static readonly ImageRequest FullRequest = new()
    {
        Prompt = "A red fox", Model = "m", Size = "64x64", ResponseFormat = ImageResponseFormat.Url, ReferenceImages = ["https://example.com/a.png", Bytes],
        Quality = ImageQuality.High, OutputFormat = ImageOutputFormat.Png, Background = ImageBackground.Auto, Count = 2, User = "u",
    };

    private static readonly ImageJobInput FullInput = new()
    {
        Prompt = "A red fox", ImageUrl = Bytes, ReferenceImageUrls = ["https://example.com/a.png"], ReferenceImages = [Bytes], Mask = Bytes, Size = "64x64",
        Quality = ImageQuality.High, OutputFormat = ImageOutputFormat.Png, ResponseFormat = ImageResponseFormat.Url, Background = ImageBackground.Auto, Count = 2,
        User = "u", AspectRatio = AspectRatio.Square,
    };

    /// <summary>The lists of names by which answers are read and requests are checked, by the type that has them.</summary>
    private static readonly IReadOnlyList<(string Name, string[] Names)> Tables =
    [
        .. from type in typeof(ImageApiClient).Assembly.GetTypes()
           where type.Name.EndsWith("Reader", StringComparison.Ordinal) || type.Name.EndsWith("Writer", StringComparison.Ordinal) || type.Name is "JobIdSalvage" or nameof(ImageJobInput)
           from field in type.GetFields(BindingFlags.NonPublic | BindingFlags.Static | BindingFlags.DeclaredOnly)
           where field.FieldType == typeof(string[])
           select ($"{type.Name}.{field.Name}", (string[])field.GetValue(null)!),
    ];

    /// <summary>The lists that are declared as never null, of everything public that can be made without arguments.</summary>
    private static readonly IReadOnlyList<PropertyInfo> Lists =
    [
        .. from type in typeof(ImageApiClient).Assembly.GetExportedTypes()
           where !type.IsAbstract && !type.IsGenericTypeDefinition && type.GetConstructor(Type.EmptyTypes) is not null
           from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
           where IsList(property)
           select property,
    ];

    public static TheoryData<string> OddJobs =>
    [
        """{"id":"job_1"}""", """{"id":"job_1","output":null}""", """{"id":"job_1","output":[]}""", """{"id":"job_1","output":"none"}""",
        """{"id":"job_1","output":{"images":null,"videos":{},"audios":7}}""", """{"id":"job_1","status":"succeeded","output":{"images":[null,{},[]]}}""",
    ];

    [Fact]
    public void There_is_something_to_look_at() => Assert.True(Tables.Count > 15 && Lists.Count > 10, $"{Tables.Count} tables, {Lists.Count} lists");

    [Fact]
    public void Names_that_are_read_are_snake_case() => Assert.Empty(
        from table in Tables
        from name in table.Names
        where !IsSnakeCase(name)
        select $"{table.Name}: {name}");

    [Fact]
    public void Names_that_are_read_stand_in_a_table_once() => Assert.Empty(
        from table in Tables
        where table.Names.Distinct(StringComparer.OrdinalIgnoreCase).Count() < table.Names.Length
        select table.Name);

    [Fact]
    public async Task Names_that_are_written_are_snake_case_and_unique()
    {
        var (request, job) = await WriteAsync(FullRequest, FullInput);

        Assert.Empty(Faults(request).Concat(Faults(job)));
    }

    [Theory]
    [InlineData("""{"imageUrl":1}""", "imageUrl")]
    [InlineData("""{"n":1,"a":[{"b":{"size":1,"size":2}}]}""", "size")]
    public void Other_names_would_be_found(string json, string name) => Assert.Equal(name, Assert.Single(Faults(json)));

    /// <summary>A field that is missing from the table could be written twice: by its property and by AdditionalParameters.</summary>
    [Fact]
    public async Task Every_field_of_a_request_is_in_the_table_of_its_own_fields()
    {
        var (request, job) = await WriteAsync(FullRequest, FullInput);

        Assert.Equal(Own("ImageRequestWriter"), Names(request));
        Assert.Equal(Own(nameof(ImageJobInput)), Names(job, "input"));
    }

    [Fact]
    public void The_full_requests_leave_out_no_property() =>
        Assert.Equal([nameof(ImageRequest.AdditionalParameters), nameof(ImageJobInput.AdditionalParameters)], NotSet(FullRequest).Concat(NotSet(FullInput)));

    [Fact]
    public void A_property_that_is_left_out_is_found() => Assert.Contains(nameof(ImageRequest.User), NotSet(FullRequest with { User = null }));

    [Fact]
    public void Lists_are_not_null_when_nobody_sets_them_or_sets_them_to_null() => Assert.Empty(Lists.Where(IsEverNull).Select(static list => $"{list.DeclaringType!.Name}.{list.Name}"));

    [Fact]
    public void A_list_that_is_null_would_be_found()
    {
        Assert.True(IsEverNull(typeof(Careless).GetProperty(nameof(Careless.Names))!));
        Assert.Equal("Careless.Names", Assert.Single(NullLists(new Careless { Names = null! })));
    }

    [Theory]
    [MemberData(nameof(OddJobs))]
    public async Task Lists_of_an_answer_are_not_null_whatever_came(string answer)
    {
        using var handler = new StubHandler(TimeProvider.System, StubHandler.Json(answer));
        using var client = Clients.For(handler, Clients.Options(new Uri("https://backend:8000")));

        var job = await client.Jobs.GetAsync("job_1");

        Assert.Empty(NullLists(job));
    }

    private static bool IsList(PropertyInfo property) =>
        property.PropertyType != typeof(string) && typeof(IEnumerable).IsAssignableFrom(property.PropertyType) && property.GetIndexParameters().Length == 0
        && new NullabilityInfoContext().Create(property).ReadState == NullabilityState.NotNull;

    private static bool IsEverNull(PropertyInfo property)
    {
        var instance = Activator.CreateInstance(property.DeclaringType!)!;
        if (property.GetValue(instance) is null)
        {
            return true;
        }

        property.GetSetMethod()?.Invoke(instance, [null]);
        return property.GetValue(instance) is null;
    }

    private static IEnumerable<string> NullLists(object answer) =>
        from property in answer.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.GetIndexParameters().Length == 0
        let value = property.GetValue(answer)
        from name in value switch
        {
            null when IsList(property) => [$"{answer.GetType().Name}.{property.Name}"],
            IEnumerable<GeneratedMedia> media => media.SelectMany(NullLists),
            JobOutput output => NullLists(output),
            _ => Enumerable.Empty<string>(),
        }
        select name;

    private static IEnumerable<string> NotSet(object request) =>
        from property in request.GetType().GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where property.GetValue(request) is null or ICollection { Count: 0 }
        select property.Name;

    private static async Task<(string Request, string Job)> WriteAsync(ImageRequest request, ImageJobInput input)
    {
        using var handler = new PolicyHandler(static (index, _) =>
            PolicyHandler.Response(HttpStatusCode.OK, index == 0 ? """{"data":[{"url":"https://example.com/a.png"}]}""" : """{"id":"job_1"}"""));
        using var client = Clients.For(handler, Clients.Options(new Uri("https://backend:8000")));
        await client.Images.GenerateAsync(request);
        await client.Jobs.SubmitAsync(new JobRequest { Model = "m", Input = input });
        return (handler.Bodies[0], handler.Bodies[1]);
    }

    private static IEnumerable<string> Own(string type) => Tables.Single(table => table.Name == type + ".Own").Names.Order(StringComparer.Ordinal);

    private static IEnumerable<string> Names(string json, string? member = null)
    {
        using var body = JsonDocument.Parse(json);
        var value = member is null ? body.RootElement : body.RootElement.GetProperty(member);
        return [.. value.EnumerateObject().Select(static one => one.Name).Order(StringComparer.Ordinal)];
    }

    /// <summary>Names that are not snake_case, and names that their object has twice.</summary>
    private static IEnumerable<string> Faults(string json)
    {
        using var body = JsonDocument.Parse(json);
        return [.. In(body.RootElement)];

        static IEnumerable<string> In(JsonElement value) => value.ValueKind switch
        {
            JsonValueKind.Array => value.EnumerateArray().SelectMany(In),
            JsonValueKind.Object => value.EnumerateObject().Select(static member => member.Name).Where(static name => !IsSnakeCase(name))
                .Concat(value.EnumerateObject().GroupBy(static member => member.Name, StringComparer.OrdinalIgnoreCase).Where(static group => group.Count() > 1).Select(static group => group.Key))
                .Concat(value.EnumerateObject().SelectMany(static member => In(member.Value))),
            _ => [],
        };
    }

    private static bool IsSnakeCase(string name) => SnakeCase().IsMatch(name);

    [GeneratedRegex("^[a-z][a-z0-9]*(_[a-z0-9]+)*$")]
    private static partial Regex SnakeCase();

    private sealed record Careless
    {
        public IReadOnlyList<string> Names { get; init; } = [];
    }
}
