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
    private static readonly string Compiled = File.ReadAllText(Repository.PathOf("tests", "ImageApi.Client.Tests", "ReadmeSnippets.cs"));

    public static TheoryData<string> Snippets => [.. typeof(ReadmeSnippets).GetMethods(BindingFlags.Public | BindingFlags.Static).Select(method => method.Name)];

    [Fact]
    public void Every_block_is_compiled() => Assert.Empty(Blocks(Readme).Except(CompiledBlocks(Compiled)));

    [Fact]
    public void Nothing_is_compiled_in_vain() => Assert.Empty(CompiledBlocks(Compiled).Except(Blocks(Readme)));

    [Fact]
    public void A_block_that_nobody_compiled_is_found()
    {
        var changed = Readme.Replace("Count = 2,", "Count = \"two\",", StringComparison.Ordinal);

        Assert.Contains("Count = \"two\"", Assert.Single(Blocks(changed).Except(CompiledBlocks(Compiled))), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Snippets))]
    public async Task Snippet_runs(string name)
    {
        await using var world = await ReadmeWorld.CreateAsync();

        await RunAsync(name, world);
    }

    [Fact]
    public async Task A_snippet_that_throws_is_found()
    {
        await using var world = await ReadmeWorld.CreateAsync();
        world.Emulator.Faults.Next(EmulatorEndpoint.Generation, EmulatorFault.Status(400));

        await Assert.ThrowsAsync<ImageApiErrorException>(() => RunAsync(nameof(ReadmeSnippets.Generation), world));
    }

    [Theory]
    [InlineData(400, "content_policy_violation")]
    [InlineData(400, "invalid_value")]
    [InlineData(500, "server_error")]
    public async Task The_catches_take_every_answer(int status, string code)
    {
        await using var world = await ReadmeWorld.CreateAsync();
        world.Emulator.Faults.Next(EmulatorEndpoint.Generation, EmulatorFault.Status(status, code));

        await ReadmeSnippets.Errors(world);
    }

    [Theory]
    [InlineData(nameof(ReadmeSnippets.RegistrationByConfiguration))]
    [InlineData(nameof(ReadmeSnippets.InnerAddresses))]
    public async Task A_registered_client_generates(string name)
    {
        await using var world = await ReadmeWorld.CreateAsync();
        await RunAsync(name, world);
        await using var provider = world.Services.BuildServiceProvider();

        var path = await new PosterMaker(provider.GetRequiredService<ImageApiClient>()).MakeAsync("a poster", CancellationToken.None);

        Assert.True(File.Exists(path));
    }

    [Fact]
    public async Task A_registered_generator_generates()
    {
        await using var world = await ReadmeWorld.CreateAsync();
        await ReadmeSnippets.ImageGeneratorInAContainer(world);
        world.Services.AddLogging();
        await using var provider = world.Services.BuildServiceProvider();

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
    public async Task Links_to_inner_addresses_are_refused(string host)
    {
        await using var world = await ReadmeWorld.CreateAsync();
        await ReadmeSnippets.InnerAddresses(world);
        await using var provider = world.Services.BuildServiceProvider();
        var media = new GeneratedMedia { Url = $"http://{host}:9/fox.png" };

        var failure = await Assert.ThrowsAnyAsync<ImageApiException>(() => provider.GetRequiredService<ImageApiClient>().Media.CopyToAsync(media, Stream.Null));

        Assert.Contains("inner address", failure.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_settings_file_is_understood()
    {
        var json = Regex.Match(Readme, "```json\n(?<text>.*?)```", RegexOptions.Singleline).Groups["text"].Value;
        var configuration = new ConfigurationBuilder()
            .AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(json)))
            .AddInMemoryCollection(new Dictionary<string, string?> { ["ImageApi:ApiKey"] = Clients.Key }).Build();
        var services = new ServiceCollection();
        services.AddImageApiClient(configuration.GetSection("ImageApi"));
        using var provider = services.BuildServiceProvider();

        var options = provider.GetRequiredService<IOptions<ImageApiClientOptions>>().Value;

        Assert.Equal(
            (new Uri("https://backend:8000"), 3, TimeSpan.FromMinutes(15), JobState.Running),
            (options.BaseAddress, options.Retry.MaxRetries, options.Timeouts.Generation, options.JobStatusWords["rendering"]));
    }

    [Fact]
    public void Every_setting_is_in_a_table()
    {
        var settings = Settings(typeof(ImageApiClientOptions), prefix: "").Concat(Settings(typeof(JobWaitOptions), prefix: ""));

        Assert.All(settings, setting => Assert.Contains($"| `{setting}` |", Readme, StringComparison.Ordinal));
    }

    [Fact]
    public void Every_exception_is_in_a_table()
    {
        var exceptions = typeof(ImageApiException).Assembly.GetExportedTypes().Where(type => type.IsSubclassOf(typeof(Exception))).Select(type => type.Name);

        Assert.All(exceptions, name => Assert.Contains($"| `{name}` |", Readme, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("README.md")]
    [InlineData("CONTRIBUTING.md")]
    [InlineData("CHANGELOG.md")]
    [InlineData("samples/README.md")]
    public void Relative_links_lead_somewhere(string file)
    {
        var path = Repository.PathOf(file);
        var links = Regex.Matches(File.ReadAllText(path), @"\]\((?!https?:|#)(?<text>[^)#]+)").Select(match => match.Groups["text"].Value);

        Assert.All(links, link => Assert.True(Path.Exists(Path.Combine(Path.GetDirectoryName(path)!, link)), link));
    }

    private static Task RunAsync(string name, ReadmeWorld world) => (Task)typeof(ReadmeSnippets).GetMethod(name)!.Invoke(null, [world])!;

    private static IEnumerable<string> Settings(Type type, string prefix) => type.GetProperties().SelectMany(property =>
        property.PropertyType.Name.StartsWith("ImageApi", StringComparison.Ordinal)
            ? Settings(property.PropertyType, $"{property.Name}.")
            : [prefix + property.Name]);

    private static List<string> Blocks(string markdown) => [.. Regex.Matches(markdown, "```csharp\n(?<text>.*?)```", RegexOptions.Singleline).Select(match => Plain(match.Groups["text"].Value))];

    private static List<string> CompiledBlocks(string code) => [.. Regex.Matches(code, "// README\n(?<text>.*?)// README ends", RegexOptions.Singleline).Select(match => Plain(match.Groups["text"].Value))];

    /// <summary>A block without what its place asks for: indentation, and the using directives of a whole program.</summary>
    private static string Plain(string block)
    {
        var lines = block.TrimEnd().Split('\n').SkipWhile(line => line.Length == 0 || Regex.IsMatch(line, @"^using [\w.]+;$")).ToArray();
        var indent = lines[0].Length - lines[0].TrimStart().Length;
        return string.Join('\n', lines.Select(line => line.Length > indent ? line[indent..] : line.TrimStart()));
    }
}
