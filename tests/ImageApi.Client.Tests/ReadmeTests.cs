using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using ImageApi.Emulator;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace ImageApi.Client.Tests;

/// <summary>README.md says nothing that does not compile, run and lead somewhere.</summary>
public sealed class ReadmeTests
{
    private static readonly string Readme = File.ReadAllText(Repository.PathOf("README.md"));
    private static readonly string SnippetsSource = File.ReadAllText(Repository.PathOf("tests", "ImageApi.Client.Tests", "ReadmeSnippets.cs"));

    public static TheoryData<string> Snippets => [.. typeof(ReadmeSnippets).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name)];

    [Fact]
    public void Every_readme_block_is_compiled() => Assert.Empty(ReadmeBlocks(Readme).Except(SnippetBlocks(SnippetsSource)));

    [Fact]
    public void Every_snippet_is_in_the_readme() => Assert.Empty(SnippetBlocks(SnippetsSource).Except(ReadmeBlocks(Readme)));

    [Fact]
    public void Uncompiled_readme_block_is_detected()
    {
        var changed = Readme.Replace("Count = 2,", "Count = \"two\",", StringComparison.Ordinal);

        Assert.Contains("Count = \"two\"", Assert.Single(ReadmeBlocks(changed).Except(SnippetBlocks(SnippetsSource))), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Snippets))]
    public async Task Snippet_runs_without_errors(string name)
    {
        await using var fixture = await ReadmeFixture.CreateAsync();

        await RunAsync(name, fixture);
    }

    [Fact]
    public async Task Throwing_snippet_is_detected()
    {
        await using var fixture = await ReadmeFixture.CreateAsync();
        fixture.Emulator.Faults.Next(EmulatorEndpoint.Generation, EmulatorFault.Status(400));

        await Assert.ThrowsAsync<ImageApiResponseException>(() => RunAsync(nameof(ReadmeSnippets.GenerateImages), fixture));
    }

    [Theory]
    [InlineData(400, "content_policy_violation")]
    [InlineData(400, "invalid_value")]
    [InlineData(500, "server_error")]
    public async Task Catch_clauses_handle_every_error_response(int status, string code)
    {
        await using var fixture = await ReadmeFixture.CreateAsync();
        fixture.Emulator.Faults.Next(EmulatorEndpoint.Generation, EmulatorFault.Status(status, code));

        await ReadmeSnippets.Errors(fixture);
    }

    [Theory]
    [InlineData(nameof(ReadmeSnippets.RegistrationByConfiguration))]
    [InlineData(nameof(ReadmeSnippets.PrivateAddresses))]
    public async Task Registered_client_generates_an_image(string name)
    {
        await using var fixture = await ReadmeFixture.CreateAsync();
        await RunAsync(name, fixture);
        await using var provider = fixture.Services.BuildServiceProvider();

        var path = await new PosterMaker(provider.GetRequiredService<ImageApiClient>()).MakeAsync("a poster", CancellationToken.None);

        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task Registered_image_generator_generates_an_image()
    {
        await using var fixture = await ReadmeFixture.CreateAsync();
        await ReadmeSnippets.ImageGeneratorInAContainer(fixture);
        fixture.Services.AddLogging();
        await using var provider = fixture.Services.BuildServiceProvider();

#pragma warning disable MEAI001 // the interfaces of Microsoft.Extensions.AI are experimental
        var response = await provider.GetRequiredService<IImageGenerator>().GenerateImagesAsync("a poster");
#pragma warning restore MEAI001

        Assert.Single(response.Contents);
    }

    [Theory]
    [InlineData("127.0.0.1")]
    [InlineData("localhost")]
    [InlineData("[::1]")]
    [InlineData("[::ffff:10.0.0.1]")]
    [InlineData("169.254.169.254")]
    public async Task Download_URLs_with_private_addresses_are_rejected(string host)
    {
        await using var fixture = await ReadmeFixture.CreateAsync();
        await ReadmeSnippets.PrivateAddresses(fixture);
        await using var provider = fixture.Services.BuildServiceProvider();
        var media = new GeneratedMedia { Url = $"http://{host}:9/fox.png" };

        var failure = await Assert.ThrowsAnyAsync<ImageApiException>(() => provider.GetRequiredService<ImageApiClient>().Media.CopyToAsync(media, Stream.Null));

        Assert.Contains("inner address", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Sample_configuration_file_binds_to_options()
    {
        var json = Regex.Match(Readme, "```json\n(?<text>.*?)```", RegexOptions.Singleline).Groups["text"].Value;
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)))
            .AddInMemoryCollection(new Dictionary<string, string?> { ["ImageApi:ApiKey"] = TestClients.ApiKey }).Build();
        var services = new ServiceCollection();
        services.AddImageApiClient(configuration.GetSection("ImageApi"));
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<ImageApiClientOptions>>().Value;

        Assert.Equal(
            (new Uri("https://backend:8000"), 3, TimeSpan.FromMinutes(15), JobState.Running),
            (options.BaseAddress, options.Retry.MaxRetries, options.Timeouts.Generation, options.JobStatusMappings["rendering"]));
    }

    [Fact]
    public void Every_option_is_documented_in_a_table()
    {
        var optionNames = OptionNames(typeof(ImageApiClientOptions), prefix: "").Concat(OptionNames(typeof(JobWaitOptions), prefix: "")).Concat(OptionNames(typeof(JobRunOptions), prefix: ""));

        Assert.All(optionNames, optionName => Assert.Contains($"| `{optionName}` |", Readme, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_exception_is_documented_in_a_table()
    {
        var exceptions = typeof(ImageApiException).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Exception))).Select(type => type.Name);

        Assert.All(exceptions, name => Assert.Contains($"| `{name}` |", Readme, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("samples/README.md")]
    public void Relative_URLs_point_to_existing_files(string file)
    {
        var path = Repository.PathOf(file);
        var relativeUrls = Regex.Matches(File.ReadAllText(path), @"\]\((?!https?:|#)(?<text>[^)#]+)").Select(match => match.Groups["text"].Value);

        Assert.All(relativeUrls, relativeUrl => Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, relativeUrl)), relativeUrl));
    }

    private static Task RunAsync(string name, ReadmeFixture fixture) => (Task)typeof(ReadmeSnippets).GetMethod(name)!.Invoke(null, [fixture])!;

    private static IEnumerable<string> OptionNames(Type type, string prefix) => type.GetProperties().SelectMany(property =>
        property.PropertyType.Name.StartsWith("ImageApi", StringComparison.Ordinal)
            ? OptionNames(property.PropertyType, $"{property.Name}.")
            : [prefix + property.Name]);

    private static List<string> ReadmeBlocks(string markdown) => [.. Regex.Matches(markdown, "```csharp\n(?<text>.*?)```", RegexOptions.Singleline).Select(match => NormalizeBlock(match.Groups["text"].Value))];

    private static List<string> SnippetBlocks(string code) => [.. Regex.Matches(code, "// README\n(?<text>.*?)// README ends", RegexOptions.Singleline).Select(match => NormalizeBlock(match.Groups["text"].Value))];

    /// <summary>A block without what its place asks for: indentation, and the using directives of a whole program.</summary>
    private static string NormalizeBlock(string block)
    {
        var lines = block.TrimEnd().Split('\n').SkipWhile(line => line.Length == 0 || Regex.IsMatch(line, @"^using [\w.]+;$")).ToArray();
        var indent = lines[0].Length - lines[0].TrimStart().Length;
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : line.TrimStart()));
    }
}
