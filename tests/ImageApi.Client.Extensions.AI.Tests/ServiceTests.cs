using NSubstitute;

namespace ImageApi.Client.Extensions.AI.Tests;

/// <summary>What the adapters tell of themselves, and what makes none of them.</summary>
public sealed class ServiceTests : IDisposable
{
    private readonly ImageApiClient _client = new(new ImageApiClientOptions { BaseAddress = new Uri("https://backend:8000/v1"), ApiKey = "test-key-0123456789abcdef" });

    public void Dispose() => _client.Dispose();

    [Fact]
    public void A_generator_tells_its_provider()
    {
        var metadata = _client.AsIImageGenerator("own-model").GetRequiredService<ImageGeneratorMetadata>();

        Assert.Equal(("imageapi", new Uri("https://backend:8000/"), "own-model"), (metadata.ProviderName, metadata.ProviderUri, metadata.DefaultModelId));
    }

    [Fact]
    public void The_default_model_is_that_of_the_contract() => Assert.Equal("gpt-image-2", _client.AsIImageGenerator().GetRequiredService<ImageGeneratorMetadata>().DefaultModelId);

    [Fact]
    public void A_generator_hands_out_itself_and_its_client()
    {
        var generator = _client.AsIImageGenerator();

        Assert.Same(generator, generator.GetService<IImageGenerator>());
        Assert.Same(_client, generator.GetService<ImageApiClient>());
        Assert.Null(generator.GetService<string>());
        Assert.Null(generator.GetService(typeof(IImageGenerator), "a key"));
        Assert.Throws<ArgumentNullException>("serviceType", () => generator.GetService(null!));
    }

    [Fact]
    public void A_file_client_hands_out_itself_its_client_and_its_provider()
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
    public void An_address_that_changes_is_told_as_it_is_now()
    {
        var client = Substitute.For<ImageApiClient>();
        var (generator, files) = (client.AsIImageGenerator(), client.AsIHostedFileClient());

        client.BaseAddress.Returns(new Uri("https://elsewhere/"));

        Assert.Equal(new Uri("https://elsewhere/"), generator.GetRequiredService<ImageGeneratorMetadata>().ProviderUri);
        Assert.Equal(new Uri("https://elsewhere/"), files.GetMetadata()!.ProviderUri);
    }

    [Fact]
    public void A_substitute_has_no_address() => Assert.Null(Substitute.For<ImageApiClient>().AsIImageGenerator().GetRequiredService<ImageGeneratorMetadata>().ProviderUri);

    [Fact]
    public void There_is_no_adapter_without_a_client()
    {
        Assert.Throws<ArgumentNullException>("client", () => ((ImageApiClient)null!).AsIImageGenerator());
        Assert.Throws<ArgumentNullException>("client", () => ((ImageApiClient)null!).AsIHostedFileClient());
    }

    [Fact]
    public async Task There_is_no_generation_without_a_request() =>
        await Assert.ThrowsAsync<ArgumentNullException>("request", () => _client.AsIImageGenerator().GenerateAsync(null!));

    [Theory]
    [InlineData(
        typeof(ImageGenerationOptions),
        "AdditionalProperties, Count, ImageSize, MediaType, ModelId, RawRepresentationFactory, ResponseFormat, StreamingCount")]
    [InlineData(typeof(ImageGenerationRequest), "OriginalImages, Prompt")]
    [InlineData(typeof(HostedFileClientOptions), "AdditionalProperties, Limit, Purpose, RawRepresentationFactory, Scope")]
    public void All_that_can_be_asked_for_is_known_here(Type type, string properties) =>
        Assert.Equal(properties, string.Join(", ", type.GetProperties().Select(static property => property.Name).Order(StringComparer.Ordinal)));

    [Fact]
    public void A_blank_model_is_refused() => Assert.Throws<ArgumentException>("defaultModelId", () => _client.AsIImageGenerator(" "));

    [Fact]
    public void One_idempotency_key_for_all_requests_is_refused()
    {
        var call = new CallOptions { IdempotencyKey = "the-same-for-all" };

        Assert.Throws<ArgumentException>("options", () => _client.AsIImageGenerator(options: new ImageApiGeneratorOptions { Call = call }));
        Assert.Throws<ArgumentException>("options", () => _client.AsIImageGenerator(options: World.OverJobs(wait => wait.Submission = call)));
    }

    [Fact]
    public void Settings_of_the_other_way_are_refused()
    {
        Assert.Throws<ArgumentException>("options", () => _client.AsIImageGenerator(options: new ImageApiGeneratorOptions { UseJobs = true, Call = new CallOptions() }));
        Assert.Throws<ArgumentException>("options", () => _client.AsIImageGenerator(options: new ImageApiGeneratorOptions { JobWait = new JobWaitOptions() }));
    }
}
