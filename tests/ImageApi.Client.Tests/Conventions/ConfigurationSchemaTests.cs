using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageApi.Client.Tests.Conventions;

/// <summary>What editors are told of the section "ImageApi" is what the settings are.</summary>
public sealed class ConfigurationSchemaTests
{
    private static readonly string Schema = File.ReadAllText(Repository.PathOf("src", "ImageApi.Client", "ConfigurationSchema.json"));
    private static readonly Dictionary<string, JsonElement> SchemaMembers = ReadSchema(Schema);
    private static readonly Dictionary<string, PropertyInfo> BindableOptions = BindableProperties(typeof(ImageApiClientOptions), string.Empty).ToDictionary(StringComparer.Ordinal);

    [Fact]
    public void Schema_and_options_have_the_same_members() => Assert.Equal(BindableOptions.Keys.Order(StringComparer.Ordinal), SchemaMembers.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void Renamed_member_is_detected()
    {
        var renamed = ReadSchema(Schema.Replace("\"StatusQuery\"", "\"StatusPoll\"", StringComparison.Ordinal));

        Assert.Equal("Timeouts:StatusPoll", Assert.Single(renamed.Keys.Except(BindableOptions.Keys, StringComparer.Ordinal)));
        Assert.Equal("Timeouts:StatusQuery", Assert.Single(BindableOptions.Keys.Except(renamed.Keys, StringComparer.Ordinal)));
    }

    [Fact]
    public void Code_only_options_are_not_in_the_schema() => Assert.DoesNotContain(SchemaMembers.Keys, static name => name is "ApiKeyProvider" or "Downloads:AllowUri");

    [Fact]
    public void Schema_types_match_the_options() => Assert.Empty(
        from option in BindableOptions
        let schemaType = TypeOf(SchemaMembers[option.Key])
        where schemaType != TypeOf(option.Value.PropertyType)
        select $"{option.Key} is {schemaType}, not {TypeOf(option.Value.PropertyType)}");

    [Fact]
    public void Schema_defaults_match_the_options() => Assert.Empty(
        from option in BindableOptions
        where TypeOf(option.Value.PropertyType) != "group"
        let actualDefault = ValueOf(new ImageApiClientOptions(), option.Key)
        let schemaDefault = SchemaMembers[option.Key].TryGetProperty("default", out var value) ? value.ToString() : string.Empty
        where schemaDefault != FormatValue(actualDefault)
        where !(actualDefault is TimeSpan time && TimeSpan.TryParse(schemaDefault, CultureInfo.InvariantCulture, out var schemaTime) && schemaTime == time)
        select $"{option.Key} is {actualDefault}, not {schemaDefault}");

    [Fact]
    public void Every_schema_member_has_a_description() => Assert.Empty(
        from member in SchemaMembers
        let text = member.Value.TryGetProperty("description", out var description) ? description.GetString() : null
        where text is null || text.Length < 20 || !text.EndsWith('.')
        select member.Key);

    [Fact]
    public void Schema_rejects_unknown_names() =>
        Assert.Empty(SchemaMembers.Where(static member => TypeOf(member.Value) == "group" && member.Value.GetProperty("additionalProperties").ValueKind != JsonValueKind.False).Select(static member => member.Key));

    [Fact]
    public void Configuration_with_every_member_binds_completely() => Assert.Empty(UnboundOptions(CreateSection()));

    [Fact]
    public void Configuration_with_a_wrong_name_is_not_bound()
    {
        var section = CreateSection();
        var timeouts = section["Timeouts"]!.AsObject();
        timeouts["StatusPoll"] = timeouts["StatusQuery"]!.DeepClone();
        timeouts.Remove("StatusQuery");

        Assert.Equal("Timeouts:StatusQuery", Assert.Single(UnboundOptions(section)));
    }

    [Theory]
    [InlineData("00:15:00", true)]
    [InlineData("00:15", true)]
    [InlineData("1:00:00.25", true)]
    [InlineData("45.00:00:00", true)]
    [InlineData("30", false)] // days
    [InlineData("24:00:00", false)] // days as well
    [InlineData("00:90:00", false)]
    [InlineData("15m", false)]
    [InlineData("-00:00:01", false)]
    public void Schema_rejects_invalid_and_day_based_time_spans(string text, bool isValid)
    {
        Assert.All(
            SchemaMembers.Where(static member => TypeOf(member.Value) == "time"),
            member => Assert.Equal(isValid, Regex.IsMatch(text, member.Value.GetProperty("pattern").GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1))));
        Assert.True(!isValid || TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _));
    }

    /// <summary>Makes a section that sets every member to something else than its default.</summary>
    private static JsonObject CreateSection() => FillSection(SchemaMembers.Where(static member => !member.Key.Contains(':', StringComparison.Ordinal)), string.Empty);

    private static JsonObject FillSection(IEnumerable<KeyValuePair<string, JsonElement>> members, string prefix)
    {
        var section = new JsonObject();
        foreach (var (path, schema) in members.ToList())
        {
            section[path[prefix.Length..]] = TypeOf(schema) switch
            {
                "group" => FillSection(SchemaMembers.Where(member => member.Key.StartsWith(path + ":", StringComparison.Ordinal)), path + ":"),
                "words" => new JsonObject { ["rendering"] = schema.GetProperty("additionalProperties").GetProperty("enum")[2].GetString() },
                "truth" => !schema.GetProperty("default").GetBoolean(),
                "number" => schema.GetProperty("minimum").GetInt64() + 1,
                "time" => "00:00:07",
                "address" => "https://backend:8000/",
                _ => "Fox/1.0",
            };
        }

        return section;
    }

    /// <summary>Binds a section as an application does, and names the settings that still are as they were.</summary>
    private static IEnumerable<string> UnboundOptions(JsonObject section)
    {
        using var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["ImageApi"] = section }.ToJsonString()));
        var configuration = new ConfigurationBuilder().AddJsonStream(json).Build();
        using var provider = new ServiceCollection().Also(services => services.AddImageApiClient(configuration.GetSection("ImageApi"))).BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<ImageApiClientOptions>>().Value;
        var defaults = new ImageApiClientOptions();
        return [.. BindableOptions.Keys.Where(path => TypeOf(SchemaMembers[path]) != "group" && FormatValue(ValueOf(options, path)) == FormatValue(ValueOf(defaults, path)))];
    }

    private static Dictionary<string, JsonElement> ReadSchema(string file)
    {
        using var json = JsonDocument.Parse(file);
        var section = json.RootElement.GetProperty("properties").GetProperty("ImageApi").Clone();
        return Members(section, string.Empty).ToDictionary(StringComparer.Ordinal);

        static IEnumerable<KeyValuePair<string, JsonElement>> Members(JsonElement parent, string prefix) =>
            from member in parent.GetProperty("properties").EnumerateObject()
            let path = prefix + member.Name
            from item in TypeOf(member.Value) == "group" ? Members(member.Value, path + ":").Prepend(new(path, member.Value)) : [new(path, member.Value)]
            select item;
    }

    private static IEnumerable<KeyValuePair<string, PropertyInfo>> BindableProperties(Type type, string prefix) =>
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where OptionProperties.CanBeConfigured(property)
        let path = prefix + property.Name
        from item in TypeOf(property.PropertyType) == "group" ? BindableProperties(property.PropertyType, path + ":").Prepend(new(path, property)) : [new(path, property)]
        select item;

    private static object? ValueOf(object options, string path) =>
        path.Split(':').Aggregate((object?)options, static (value, name) => value!.GetType().GetProperty(name)!.GetValue(value));

    private static string FormatValue(object? value) => value switch
    {
        IDictionary<string, JobState> mappings => string.Join(' ', mappings),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? string.Empty,
    };

    private static string TypeOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var enumType when enumType.IsEnum => string.Join(' ', Enum.GetNames(enumType)),
        var boolean when boolean == typeof(bool) => "truth",
        var number when number == typeof(int) || number == typeof(long) || number == typeof(double) => "number",
        var time when time == typeof(TimeSpan) => "time",
        var address when address == typeof(Uri) => "address",
        var text when text == typeof(string) => "text",
        var mappings when mappings == typeof(IDictionary<string, JobState>) => "words",
        var nested when nested.Name.StartsWith("ImageApi", StringComparison.Ordinal) => "group",
        _ => type.Name,
    };

    private static string TypeOf(JsonElement schema) => schema switch
    {
        _ when schema.TryGetProperty("enum", out var names) => string.Join(' ', names.EnumerateArray()),
        _ when schema.TryGetProperty("pattern", out _) => "time",
        _ when schema.TryGetProperty("format", out var format) => format.ValueEquals("uri") ? "address" : format.GetString()!,
        _ => schema.GetProperty("type").GetString() switch
        {
            "boolean" => "truth",
            "integer" or "number" => "number",
            "string" => "text",
            "object" when schema.TryGetProperty("properties", out _) => "group",
            "object" when TypeOf(schema.GetProperty("additionalProperties")) == TypeOf(typeof(JobState)) => "words",
            var other => other ?? string.Empty,
        },
    };
}
