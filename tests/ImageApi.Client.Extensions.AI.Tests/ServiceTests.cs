using NSubstitute;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>What the adapters tell of themselves, and what makes none of them.</summary>
public sealed class ServiceTests : IDisposable
{
    private readonly ImageApiClient _client = new(new ImageApiClientOptions { BaseAddress = new Uri("https://backend:8000/v1"), ApiKey = "test-key-0123456789abcdef" });

    public void Dispose() => _client.Dispose();

    [Fact]
    public void Generator_metadata_contains_the_provider()
    {
        var metadata = _client.AsIImageGenerator("own-model").GetRequiredService<ImageGeneratorMetadata>();

        Assert.Equal(("imageapi", new Uri("https://backend:8000/"), "own-model"), (metadata.ProviderName, metadata.ProviderUri, metadata.DefaultModelId));
    }

    [Fact]
    public void Default_model_is_the_documented_one() => Assert.Equal("gpt-image-2", _client.AsIImageGenerator().GetRequiredService<ImageGeneratorMetadata>().DefaultModelId);

    [Fact]
    public void Generator_GetService_returns_itself_and_its_client()
    {
        var generator = _client.AsIImageGenerator();

        Assert.Same(generator, generator.GetService<IImageGenerator>());
        Assert.Same(_client, generator.GetService<ImageApiClient>());
        Assert.Null(generator.GetService<string>());
        Assert.Null(generator.GetService(typeof(IImageGenerator), "a key"));
        Assert.Throws<ArgumentNullException>("serviceType", () => generator.GetService(null!));
    }

    [Fact]
    public void File_client_GetService_returns_itself_client_and_metadata()
    {
        var files = _client.AsIHostedFileClient();
        var metadata = files.GetMetadata()!;

        Assert.Equal(("imageapi", new Uri("https://backend:8000/")), (metadata.ProviderName, metadata.ProviderUri));
        Assert.Same(files, files.GetService<IHostedFileClient>());
        Assert.Same(_client, files.GetService<ImageApiClient>());
        Assert.Null(files.GetService<string>());
        Assert.Null(files.GetService(typeof(IHostedFileClient), "a key"));
        Assert.Throws<ArgumentNullException>("serviceType", () => files.GetService(null!));
    }

    [Fact]
    public void Metadata_contains_the_current_base_address()
    {
        var client = Substitute.For<ImageApiClient>();
        var (generator, files) = (client.AsIImageGenerator(), client.AsIHostedFileClient());

        client.BaseAddress.Returns(new Uri("https://elsewhere/"));

        Assert.Equal(new Uri("https://elsewhere/"), generator.GetRequiredService<ImageGeneratorMetadata>().ProviderUri);
        Assert.Equal(new Uri("https://elsewhere/"), files.GetMetadata()!.ProviderUri);
    }

    [Fact]
    public void Mocked_client_has_no_provider_URI() => Assert.Null(Substitute.For<ImageApiClient>().AsIImageGenerator().GetRequiredService<ImageGeneratorMetadata>().ProviderUri);

    [Fact]
    public void Null_client_throws_ArgumentNullException()
    {
        Assert.Throws<ArgumentNullException>("client", () => ((ImageApiClient)null!).AsIImageGenerator());
        Assert.Throws<ArgumentNullException>("client", () => ((ImageApiClient)null!).AsIHostedFileClient());
    }

    [Fact]
    public async Task Null_request_throws_ArgumentNullException() =>
        await Assert.ThrowsAsync<ArgumentNullException>("request", () => _client.AsIImageGenerator().GenerateAsync(null!));

    [Theory]
    [InlineData(
        typeof(ImageGenerationOptions),
        "AdditionalProperties, Count, ImageSize, MediaType, ModelId, RawRepresentationFactory, ResponseFormat, StreamingCount")]
    [InlineData(typeof(ImageGenerationRequest), "OriginalImages, Prompt")]
    [InlineData(typeof(HostedFileClientOptions), "AdditionalProperties, Limit, Purpose, RawRepresentationFactory, Scope")]
    public void Every_option_of_the_abstractions_is_known(Type type, string properties) =>
        Assert.Equal(properties, string.Join(", ", type.GetProperties().Select(static property => property.Name).Order(StringComparer.Ordinal)));

    [Fact]
    public void Blank_model_is_rejected() => Assert.Throws<ArgumentException>("defaultModelId", () => _client.AsIImageGenerator(" "));

    [Fact]
    public void Idempotency_key_in_generator_options_is_rejected()
    {
        var call = new RequestOptions { IdempotencyKey = "the-same-for-all" };

        Assert.Throws<ArgumentException>("options", () => _client.AsIImageGenerator(options: new ImageApiGeneratorOptions { RequestOptions = call }));
        Assert.Throws<ArgumentException>("options", () => _client.AsIImageGenerator(options: EmulatorFixture.WithJobs(runOptions => runOptions.Submission = call)));
    }

    [Fact]
    public void Generator_options_that_do_not_match_UseJobs_are_rejected()
    {
        Assert.Throws<ArgumentException>("options", () => _client.AsIImageGenerator(options: new ImageApiGeneratorOptions { UseJobs = true, RequestOptions = new RequestOptions() }));
        Assert.Throws<ArgumentException>("options", () => _client.AsIImageGenerator(options: new ImageApiGeneratorOptions { JobRun = new JobRunOptions() }));
    }
}
