using System.Text.Json.Nodes;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace ImageApi.Client.Tests;

/// <summary>The samples of the published contract, sent and answered over real sockets.</summary>
public sealed class ContractTests : IDisposable
{
    private const string GenerationsPath = "/v1/images/generations";
    private const string Prompt = "生成一张产品海报,白色背景,商业摄影风格";

    private const string JobResponseSample =
        """{ "id": "job_example", "object": "job", "status": "processing", "model": "gpt-image-2", "created": 1710000000, "request_id": "req_example" }""";

    private readonly WireMockServer _server = WireMockServer.Start();
    private readonly ImageApiClient _client;

    public ContractTests() => _client = TestClients.Create(new Uri(_server.Url!));

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task URL_reference_sample_is_serialized_as_documented()
    {
        RespondWithSample();

        await _client.Images.GenerateAsync(new ImageRequest
        {
            Prompt = Prompt, Size = ImageSize.Landscape2K, ReferenceImages = ["https://example.com/reference.png"],
        });

        AssertSent(
            """
            { "model": "gpt-image-2", "prompt": "生成一张产品海报,白色背景,商业摄影风格", "size": "2752x1536",
              "response_format": "url", "reference_images": ["https://example.com/reference.png"] }
            """);
    }

    [Fact]
    public async Task Base64_reference_sample_is_serialized_as_documented()
    {
        RespondWithSample();
        var bytes = Convert.FromBase64String("BASE64/IMAGE+DATA1==");

        await _client.Images.GenerateAsync(new ImageRequest
        {
            Prompt = "…", Size = ImageSize.Landscape2K, ReferenceImages = [ReferenceImage.FromBytes(bytes, "image/jpeg")],
        });

        AssertSent(
            $$"""
            { "model": "gpt-image-2", "prompt": "…", "size": "2752x1536", "response_format": "url",
              "reference_images": [ { "mime_type": "image/jpeg", "data_base64": "{{Convert.ToBase64String(bytes)}}" } ] }
            """);
    }

    [Fact]
    public async Task Generation_sample_response_is_parsed()
    {
        RespondWithSample();

        var result = await _client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt });

        Assert.Equal("https://example.com/output.png", Assert.Single(result.Images).Url);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1710000000), result.CreatedAt);
    }

    [Fact]
    public async Task Job_sample_with_all_fields_is_serialized_as_documented()
    {
        RespondWith("/v1/jobs", JobResponseSample);

        await _client.Jobs.SubmitAsync(new JobRequest { Input = AllFields() });

        AssertSent(
            """
            { "model": "gpt-image-2",
              "input": { "prompt": "…", "image_url": "https://example.com/input.png",
                "reference_image_urls": ["https://example.com/reference.png"], "reference_images": ["https://example.com/reference.png"],
                "mask": "https://example.com/mask.png", "size": "2752x1536", "quality": "medium", "output_format": "png",
                "response_format": "url", "background": "auto", "n": 1, "user": "user-123", "aspect_ratio": "16:9" } }
            """);
    }

    [Fact]
    public async Task Unset_job_fields_are_omitted()
    {
        RespondWith("/v1/jobs", JobResponseSample);

        await _client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "a fox" } });

        AssertSent("""{ "model": "gpt-image-2", "input": { "prompt": "a fox" } }""");
    }

    [Fact]
    public async Task Job_references_may_mix_URLs_and_bytes()
    {
        RespondWith("/v1/jobs", JobResponseSample);

        await _client.Jobs.SubmitAsync(new JobRequest
        {
            Input = new ImageJobInput
            {
                Prompt = "a fox",
                Image = ReferenceImage.FromBytes(new byte[] { 1, 2, 3, 4 }, "image/webp"),
                ReferenceImages = [ReferenceImage.FromBytes(new byte[] { 5 }, "image/png"), "https://example.com/reference.png"],
                Mask = ReferenceImage.FromStream(new MemoryStream([6, 7]), "image/png"),
            },
        });

        AssertSent(
            """
            { "model": "gpt-image-2", "input": { "prompt": "a fox", "image_url": { "mime_type": "image/webp", "data_base64": "AQIDBA==" },
              "reference_images": [ { "mime_type": "image/png", "data_base64": "BQ==" }, "https://example.com/reference.png" ],
              "mask": { "mime_type": "image/png", "data_base64": "Bgc=" } } }
            """);
    }

    [Fact]
    public async Task Job_sample_response_is_parsed()
    {
        RespondWith("/v1/jobs", JobResponseSample);

        var job = await _client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "a fox" } });

        Assert.Equal(("job_example", JobStatus.Processing, JobState.Running), (job.Id, job.Status, job.State));
        Assert.Equal(("gpt-image-2", DateTimeOffset.FromUnixTimeSeconds(1710000000), "req_example"), (job.Model, job.CreatedAt, job.RequestId));
    }

    [Fact]
    public async Task Job_is_polled_until_it_succeeds()
    {
        RespondToPoll("processing", "second");
        RespondToPoll("processing", "third", when: "second");
        _server.Given(Request.Create().WithPath("/v1/jobs/job_example").UsingGet()).InScenario("job").WhenStateIs("third")
            .RespondWith(Json("""{ "id": "job_example", "status": "succeeded", "output": { "images": [ { "url": "https://example.com/a.png", "mime_type": "image/png" } ] } }"""));

        var job = await _client.Jobs.WaitAsync("job_example", new JobWaitOptions { FirstInterval = TimeSpan.FromMilliseconds(1) });

        var image = Assert.Single(job.Output.Images);
        Assert.Equal(("https://example.com/a.png", "image/png"), (image.Url, image.MimeType));
        Assert.Equal(3, _server.LogEntries.Count);
    }

    [Fact]
    public async Task Status_query_sends_the_api_key_and_no_body()
    {
        _server.Given(Request.Create().WithPath("/v1/jobs/job_example").UsingGet()).RespondWith(Json(JobResponseSample));

        await _client.Jobs.GetAsync("job_example");

        var request = _server.LogEntries.Single().RequestMessage!;
        Assert.Equal("Bearer " + TestClients.ApiKey, request.Headers!["Authorization"].Single());
        Assert.False(request.Headers.ContainsKey("Idempotency-Key"));
        Assert.True(string.IsNullOrEmpty(request.Body));
    }

    [Fact]
    public async Task Paid_request_sends_the_documented_headers()
    {
        RespondWithSample();

        await _client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt, ReferenceImages = [ReferenceImage.FromBytes(new byte[1000])] });

        var request = _server.LogEntries.Single().RequestMessage!;
        Assert.Equal("Bearer " + TestClients.ApiKey, request.Headers!["Authorization"].Single());
        Assert.Equal("application/json", request.Headers["Content-Type"].Single());
        Assert.Equal("application/json", request.Headers["Accept"].Single());
        Assert.StartsWith("ImageApi.Client/", request.Headers["User-Agent"].Single(), StringComparison.Ordinal);
        Assert.True(Guid.TryParse(request.Headers["Idempotency-Key"].Single(), out _));
        Assert.Equal(request.BodyAsBytes!.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), request.Headers["Content-Length"].Single());
    }

    [Fact]
    public async Task User_agent_suffix_follows_the_library_user_agent()
    {
        RespondWithSample();
        using var client = TestClients.Create(new Uri(_server.Url!), static options => options.UserAgentSuffix = "Poster/2.1");

        await client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt });

        Assert.EndsWith("Poster/2.1", string.Join(' ', _server.LogEntries.Single().RequestMessage!.Headers!["User-Agent"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Idempotency_key_is_reused_by_retries_and_new_for_each_call()
    {
        _server.Given(Request.Create().WithPath(GenerationsPath)).InScenario("busy").WillSetStateTo("free")
            .RespondWith(Response.Create().WithStatusCode(429).WithHeader("Retry-After", "0"));
        _server.Given(Request.Create().WithPath(GenerationsPath)).InScenario("busy").WhenStateIs("free").WillSetStateTo("free").RespondWith(Json(ImageResponseSample));

        await _client.Images.GenerateAsync(new ImageRequest { Prompt = "first" });
        await _client.Images.GenerateAsync(new ImageRequest { Prompt = "second" });

        var idempotencyKeys = _server.LogEntries.Select(static entry => entry.RequestMessage!.Headers!["Idempotency-Key"].Single()).ToList();
        Assert.Equal(3, idempotencyKeys.Count);
        Assert.Equal(idempotencyKeys[0], idempotencyKeys[1]);
        Assert.NotEqual(idempotencyKeys[1], idempotencyKeys[2]);
    }

    [Fact]
    public async Task Custom_idempotency_key_is_sent()
    {
        RespondWithSample();

        await _client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt }, new RequestOptions { IdempotencyKey = "order-17" });

        Assert.Equal("order-17", _server.LogEntries.Single().RequestMessage!.Headers!["Idempotency-Key"].Single());
    }

    [Fact]
    public async Task Idempotency_key_can_be_disabled()
    {
        RespondWithSample();
        using var client = TestClients.Create(new Uri(_server.Url!), static options => options.SendIdempotencyKey = false);

        await client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt });

        Assert.False(_server.LogEntries.Single().RequestMessage!.Headers!.ContainsKey("Idempotency-Key"));
    }

    [Fact]
    public async Task Custom_idempotency_key_is_sent_even_when_disabled()
    {
        RespondWithSample();
        using var client = TestClients.Create(new Uri(_server.Url!), static options => options.SendIdempotencyKey = false);

        await client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt }, new RequestOptions { IdempotencyKey = "order-18" });

        Assert.Equal("order-18", _server.LogEntries.Single().RequestMessage!.Headers!["Idempotency-Key"].Single());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Null_extensible_enum_value_is_omitted(bool hasValue)
    {
        RespondWithSample();

        await _client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt, Quality = hasValue ? ImageQuality.High : null });

        using var sent = System.Text.Json.JsonDocument.Parse(_server.LogEntries.Single().RequestMessage!.BodyAsBytes!);
        Assert.Equal(hasValue, sent.RootElement.TryGetProperty("quality", out _));
    }

    [Fact]
    public async Task Prompt_is_sent_without_unicode_escapes()
    {
        RespondWithSample();

        await _client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt + " é — ü" });

        Assert.Contains(Prompt + " é — ü", System.Text.Encoding.UTF8.GetString(_server.LogEntries.Single().RequestMessage!.BodyAsBytes!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Upload_sends_the_three_documented_multipart_parts()
    {
        RespondWith("/v1/files/upload", """{ "url": "https://example.com/demo.png" }""");

        var file = await _client.Files.UploadAsync(FileUpload.FromBytes("PICTURE"u8.ToArray(), "demo.png"));

        var body = System.Text.Encoding.UTF8.GetString(_server.LogEntries.Single().RequestMessage!.BodyAsBytes!);
        Assert.Contains("name=\"kind\"\r\n\r\nimage\r\n", body, StringComparison.Ordinal);
        Assert.Contains("name=\"purpose\"\r\n\r\nreference\r\n", body, StringComparison.Ordinal);
        Assert.Contains("name=\"file\"; filename=\"demo.png\"\r\nContent-Type: image/png\r\n\r\nPICTURE\r\n", body, StringComparison.Ordinal);
        Assert.Equal("https://example.com/demo.png", file.Url);
    }

    [Theory]
    [InlineData("")]
    [InlineData("/")]
    [InlineData("/v1")]
    [InlineData("/v1/")]
    public async Task Base_address_may_end_with_v1(string end)
    {
        RespondWithSample();
        using var client = TestClients.Create(new Uri(_server.Url!.TrimEnd('/') + end));

        await client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt });

        Assert.Equal(GenerationsPath, _server.LogEntries.Single().RequestMessage!.Path);
    }

    [Fact]
    public async Task Base_address_may_have_a_path_prefix()
    {
        RespondWith("/gateway" + GenerationsPath, ImageResponseSample);
        using var client = TestClients.Create(new Uri(_server.Url!.TrimEnd('/') + "/gateway/v1"));

        await client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt });

        Assert.Single(_server.LogEntries);
    }

    private const string ImageResponseSample = """{ "created": 1710000000, "data": [ { "url": "https://example.com/output.png" } ] }""";

    private static ImageJobInput AllFields() => new()
    {
        Prompt = "…",
        Image = "https://example.com/input.png",
        ReferenceImageUrls = ["https://example.com/reference.png"],
        ReferenceImages = ["https://example.com/reference.png"],
        Mask = "https://example.com/mask.png",
        Size = ImageSize.Landscape2K,
        Quality = ImageQuality.Medium,
        OutputFormat = ImageOutputFormat.Png,
        ResponseFormat = ImageResponseFormat.Url,
        Background = ImageBackground.Auto,
        Count = 1,
        User = "user-123",
        AspectRatio = AspectRatio.Landscape16X9,
    };

    private static IResponseBuilder Json(string body) => Response.Create().WithHeader("Content-Type", "application/json").WithBody(body);

    private void RespondWithSample() => RespondWith(GenerationsPath, ImageResponseSample);

    private void RespondWith(string path, string body) => _server.Given(Request.Create().WithPath(path).UsingPost()).RespondWith(Json(body));

    private void RespondToPoll(string status, string next, string? when = null)
    {
        var mapping = _server.Given(Request.Create().WithPath("/v1/jobs/job_example").UsingGet()).InScenario("job");
        (when is null ? mapping : mapping.WhenStateIs(when)).WillSetStateTo(next).RespondWith(Json($$"""{ "id": "job_example", "status": "{{status}}" }"""));
    }

    private void AssertSent(string expected)
    {
        var sent = JsonNode.Parse(_server.LogEntries.Single().RequestMessage!.BodyAsBytes!);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), sent), sent!.ToJsonString());
    }
}
