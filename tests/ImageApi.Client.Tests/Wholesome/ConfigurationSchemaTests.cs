using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageApi.Client.Tests.Wholesome;

/// <summary>What editors are told of the section "ImageApi" is what the settings are.</summary>
public sealed class ConfigurationSchemaTests
{
    private static readonly string Schema = File.ReadAllText(Repository.PathOf("src", "ImageApi.Client", "ConfigurationSchema.json"));
    private static readonly Dictionary<string, JsonElement> Described = Describe(Schema);
    private static readonly Dictionary<string, PropertyInfo> Settings = Bindable(typeof(ImageApiClientOptions), string.Empty).ToDictionary(StringComparer.Ordinal);

    [Fact]
    public void Schema_and_options_have_the_same_members() => Assert.Equal(Settings.Keys.Order(StringComparer.Ordinal), Described.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void A_renamed_member_is_found()
    {
        var renamed = Describe(Schema.Replace("\"StatusQuery\"", "\"StatusPoll\"", StringComparison.Ordinal));

        Assert.Equal("Timeouts:StatusPoll", Assert.Single(renamed.Keys.Except(Settings.Keys, StringComparer.Ordinal)));
        Assert.Equal("Timeouts:StatusQuery", Assert.Single(Settings.Keys.Except(renamed.Keys, StringComparer.Ordinal)));
    }

    [Fact]
    public void What_only_code_can_set_is_not_among_them() => Assert.DoesNotContain(Described.Keys, static name => name is "ApiKeyProvider" or "Links:IsAllowed");

    [Fact]
    public void Types_are_the_same() => Assert.Empty(
        from setting in Settings
        let told = TypeOf(Described[setting.Key])
        where told != TypeOf(setting.Value.PropertyType)
        select $"{setting.Key} is {told}, not {TypeOf(setting.Value.PropertyType)}");

    [Fact]
    public void Defaults_are_the_same() => Assert.Empty(
        from setting in Settings
        where TypeOf(setting.Value.PropertyType) != "group"
        let real = ValueOf(new ImageApiClientOptions(), setting.Key)
        let told = Described[setting.Key].TryGetProperty("default", out var value) ? value.ToString() : string.Empty
        where told != Text(real)
        where !(real is TimeSpan time && TimeSpan.TryParse(told, CultureInfo.InvariantCulture, out var toldTime) && toldTime == time)
        select $"{setting.Key} is {real}, not {told}");

    [Fact]
    public void Everything_is_described_in_sentences() => Assert.Empty(
        from member in Described
        let text = member.Value.TryGetProperty("description", out var description) ? description.GetString() : null
        where text is null || text.Length < 20 || !text.EndsWith('.')
        select member.Key);

    [Fact]
    public void Names_that_do_not_exist_are_marked() =>
        Assert.Empty(Described.Where(static member => TypeOf(member.Value) == "group" && member.Value.GetProperty("additionalProperties").ValueKind != JsonValueKind.False).Select(static member => member.Key));

    [Fact]
    public void A_configuration_with_every_member_is_taken_over() => Assert.Empty(NotTaken(Section()));

    [Fact]
    public void A_configuration_with_a_wrong_name_is_not_taken_over()
    {
        var section = Section();
        var timeouts = section["Timeouts"]!.AsObject();
        timeouts["StatusPoll"] = timeouts["StatusQuery"]!.DeepClone();
        timeouts.Remove("StatusQuery");

        Assert.Equal("Timeouts:StatusQuery", Assert.Single(NotTaken(section)));
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
    public void Times_are_marked_that_are_none_or_mean_days_by_surprise(string text, bool taken)
    {
        Assert.All(
            Described.Where(static member => TypeOf(member.Value) == "time"),
            member => Assert.Equal(taken, Regex.IsMatch(text, member.Value.GetProperty("pattern").GetString()!, RegexOptions.None, TimeSpan.FromSeconds(1))));
        Assert.True(!taken || TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out _));
    }

    /// <summary>Makes a section that sets every member to something else than its default.</summary>
    private static JsonObject Section() => Fill(Described.Where(static member => !member.Key.Contains(':', StringComparison.Ordinal)), string.Empty);

    private static JsonObject Fill(IEnumerable<KeyValuePair<string, JsonElement>> members, string prefix)
    {
        var section = new JsonObject();
        foreach (var (path, schema) in members.ToList())
        {
            section[path[prefix.Length..]] = TypeOf(schema) switch
            {
                "group" => Fill(Described.Where(member => member.Key.StartsWith(path + ":", StringComparison.Ordinal)), path + ":"),
                "words" => new JsonObject { ["rendering"] = schema.GetProperty("additionalProperties").GetProperty("enum")[2].GetString() },
                "truth" => !schema.GetProperty("default").GetBoolean(),
                "number" => schema.GetProperty("minimum").GetInt64() + 1,
                "time" => "00:00:07",
                "address" => "https://backend:8000/",
                "Never WhenServerHonoursIdempotencyKey" => "WhenServerHonoursIdempotencyKey",
                _ => "Fox/1.0",
            };
        }

        return section;
    }

    /// <summary>Binds a section as an application does, and names the settings that still are as they were.</summary>
    private static IEnumerable<string> NotTaken(JsonObject section)
    {
        using var json = new MemoryStream(System.Text.Encoding.UTF8.GetBytes(new JsonObject { ["ImageApi"] = section }.ToJsonString()));
        var configuration = new ConfigurationBuilder().AddJsonStream(json).Build();
        using var provider = new ServiceCollection().Also(services => services.AddImageApiClient(configuration.GetSection("ImageApi"))).BuildServiceProvider();
        var options = provider.GetRequiredService<IOptions<ImageApiClientOptions>>().Value;
        var untouched = new ImageApiClientOptions();
        return [.. Settings.Keys.Where(path => TypeOf(Described[path]) != "group" && Text(ValueOf(options, path)) == Text(ValueOf(untouched, path)))];
    }

    private static Dictionary<string, JsonElement> Describe(string file)
    {
        using var json = JsonDocument.Parse(file);
        var section = json.RootElement.GetProperty("properties").GetProperty("ImageApi").Clone();
        return Members(section, string.Empty).ToDictionary(StringComparer.Ordinal);

        static IEnumerable<KeyValuePair<string, JsonElement>> Members(JsonElement parent, string prefix) =>
            from member in parent.GetProperty("properties").EnumerateObject()
            let path = prefix + member.Name
            from one in TypeOf(member.Value) == "group" ? Members(member.Value, path + ":").Prepend(new(path, member.Value)) : [new(path, member.Value)]
            select one;
    }

    private static IEnumerable<KeyValuePair<string, PropertyInfo>> Bindable(Type type, string prefix) =>
        from property in type.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        where SettingKinds.CanBeConfigured(property)
        let path = prefix + property.Name
        from one in TypeOf(property.PropertyType) == "group" ? Bindable(property.PropertyType, path + ":").Prepend(new(path, property)) : [new(path, property)]
        select one;

    private static object? ValueOf(object options, string path) =>
        path.Split(':').Aggregate((object?)options, static (value, name) => value!.GetType().GetProperty(name)!.GetValue(value));

    private static string Text(object? value) => value switch
    {
        IDictionary<string, JobState> words => string.Join(' ', words),
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? string.Empty,
    };

    private static string TypeOf(Type type) => (Nullable.GetUnderlyingType(type) ?? type) switch
    {
        var word when word.IsEnum => string.Join(' ', Enum.GetNames(word)),
        var truth when truth == typeof(bool) => "truth",
        var number when number == typeof(int) || number == typeof(long) => "number",
        var time when time == typeof(TimeSpan) => "time",
        var address when address == typeof(Uri) => "address",
        var text when text == typeof(string) => "text",
        var words when words == typeof(IDictionary<string, JobState>) => "words",
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
            "integer" => "number",
            "string" => "text",
            "object" when schema.TryGetProperty("properties", out _) => "group",
            "object" when TypeOf(schema.GetProperty("additionalProperties")) == TypeOf(typeof(JobState)) => "words",
            var other => other ?? string.Empty,
        },
    };
}
