using System.Text.Json.Nodes;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace ImageApi.Client.Tests;

/// <summary>The samples of the published contract, sent and answered over real sockets.</summary>
public sealed class ContractTests : IDisposable
{
    private const string Generations = "/v1/images/generations";
    private const string Prompt = "生成一张产品海报,白色背景,商业摄影风格";

    private const string JobSample =
        """{ "id": "job_example", "object": "job", "status": "processing", "model": "gpt-image-2", "created": 1710000000, "request_id": "req_example" }""";

    private readonly WireMockServer _server = WireMockServer.Start();
    private readonly ImageApiClient _client;

    public ContractTests() => _client = Clients.For(new Uri(_server.Url!));

    public void Dispose()
    {
        _client.Dispose();
        _server.Dispose();
    }

    [Fact]
    public async Task The_sample_with_a_reference_by_link_is_sent_as_published()
    {
        AnswerWithSample();

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
    public async Task The_sample_with_a_reference_as_base64_is_sent_as_published()
    {
        AnswerWithSample();
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
    public async Task The_sample_answer_of_a_generation_is_read()
    {
        AnswerWithSample();

        var result = await _client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt });

        Assert.Equal("https://example.com/output.png", Assert.Single(result.Images).Url);
        Assert.Equal(DateTimeOffset.FromUnixTimeSeconds(1710000000), result.CreatedAt);
    }

    [Fact]
    public async Task The_job_sample_with_all_thirteen_fields_is_sent_as_published()
    {
        Answer("/v1/jobs", JobSample);

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
    public async Task Job_fields_that_are_not_set_are_left_out()
    {
        Answer("/v1/jobs", JobSample);

        await _client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "a fox" } });

        AssertSent("""{ "model": "gpt-image-2", "input": { "prompt": "a fox" } }""");
    }

    [Fact]
    public async Task Job_references_mix_links_and_bytes()
    {
        Answer("/v1/jobs", JobSample);

        await _client.Jobs.SubmitAsync(new JobRequest
        {
            Input = new ImageJobInput
            {
                Prompt = "a fox",
                ImageUrl = ReferenceImage.FromBytes(new byte[] { 1, 2, 3, 4 }, "image/webp"),
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
    public async Task The_sample_answer_of_a_job_is_read()
    {
        Answer("/v1/jobs", JobSample);

        var job = await _client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = "a fox" } });

        Assert.Equal(("job_example", JobStatus.Processing, JobState.Running), (job.Id, job.Status, job.State));
        Assert.Equal(("gpt-image-2", DateTimeOffset.FromUnixTimeSeconds(1710000000), "req_example"), (job.Model, job.CreatedAt, job.RequestId));
    }

    [Fact]
    public async Task A_job_is_asked_for_until_it_has_succeeded()
    {
        Poll("processing", "second");
        Poll("processing", "third", when: "second");
        _server.Given(Request.Create().WithPath("/v1/jobs/job_example").UsingGet()).InScenario("job").WhenStateIs("third")
            .RespondWith(Json("""{ "id": "job_example", "status": "succeeded", "output": { "images": [ { "url": "https://example.com/a.png", "mime_type": "image/png" } ] } }"""));

        var job = await _client.Jobs.WaitAsync("job_example", new JobWaitOptions { FirstInterval = TimeSpan.FromMilliseconds(1) });

        var image = Assert.Single(job.Output.Images);
        Assert.Equal(("https://example.com/a.png", "image/png"), (image.Url, image.MimeType));
        Assert.Equal(3, _server.LogEntries.Count);
    }

    [Fact]
    public async Task The_state_query_has_the_key_and_no_body()
    {
        _server.Given(Request.Create().WithPath("/v1/jobs/job_example").UsingGet()).RespondWith(Json(JobSample));

        await _client.Jobs.GetAsync("job_example");

        var request = _server.LogEntries.Single().RequestMessage!;
        Assert.Equal("Bearer " + Clients.Key, request.Headers!["Authorization"].Single());
        Assert.False(request.Headers.ContainsKey("Idempotency-Key"));
        Assert.True(string.IsNullOrEmpty(request.Body));
    }

    [Fact]
    public async Task A_paid_call_has_the_published_headers()
    {
        AnswerWithSample();

        await _client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt, ReferenceImages = [ReferenceImage.FromBytes(new byte[1000])] });

        var request = _server.LogEntries.Single().RequestMessage!;
        Assert.Equal("Bearer " + Clients.Key, request.Headers!["Authorization"].Single());
        Assert.Equal("application/json", request.Headers["Content-Type"].Single());
        Assert.Equal("application/json", request.Headers["Accept"].Single());
        Assert.StartsWith("ImageApi.Client/", request.Headers["User-Agent"].Single(), StringComparison.Ordinal);
        Assert.True(Guid.TryParse(request.Headers["Idempotency-Key"].Single(), out _));
        Assert.Equal(request.BodyAsBytes!.Length.ToString(System.Globalization.CultureInfo.InvariantCulture), request.Headers["Content-Length"].Single());
    }

    [Fact]
    public async Task An_own_user_agent_stands_behind_the_librarys()
    {
        AnswerWithSample();
        using var client = Clients.For(new Uri(_server.Url!), static options => options.UserAgentSuffix = "Poster/2.1");

        await client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt });

        Assert.EndsWith("Poster/2.1", string.Join(' ', _server.LogEntries.Single().RequestMessage!.Headers!["User-Agent"]), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_idempotency_key_is_the_same_on_every_attempt_and_new_on_the_next_call()
    {
        _server.Given(Request.Create().WithPath(Generations)).InScenario("busy").WillSetStateTo("free")
            .RespondWith(Response.Create().WithStatusCode(429).WithHeader("Retry-After", "0"));
        _server.Given(Request.Create().WithPath(Generations)).InScenario("busy").WhenStateIs("free").WillSetStateTo("free").RespondWith(Json(Sample));

        await _client.Images.GenerateAsync(new ImageRequest { Prompt = "first" });
        await _client.Images.GenerateAsync(new ImageRequest { Prompt = "second" });

        var keys = _server.LogEntries.Select(static entry => entry.RequestMessage!.Headers!["Idempotency-Key"].Single()).ToList();
        Assert.Equal(3, keys.Count);
        Assert.Equal(keys[0], keys[1]);
        Assert.NotEqual(keys[1], keys[2]);
    }

    [Fact]
    public async Task An_idempotency_key_of_the_callers_own_is_sent()
    {
        AnswerWithSample();

        await _client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt }, new CallOptions { IdempotencyKey = "order-17" });

        Assert.Equal("order-17", _server.LogEntries.Single().RequestMessage!.Headers!["Idempotency-Key"].Single());
    }

    [Fact]
    public async Task The_idempotency_key_can_be_switched_off()
    {
        AnswerWithSample();
        using var client = Clients.For(new Uri(_server.Url!), static options => options.SendIdempotencyKey = false);

        await client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt });

        Assert.False(_server.LogEntries.Single().RequestMessage!.Headers!.ContainsKey("Idempotency-Key"));
    }

    [Fact]
    public async Task A_key_of_the_callers_own_is_sent_in_any_case()
    {
        AnswerWithSample();
        using var client = Clients.For(new Uri(_server.Url!), static options => options.SendIdempotencyKey = false);

        await client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt }, new CallOptions { IdempotencyKey = "order-18" });

        Assert.Equal("order-18", _server.LogEntries.Single().RequestMessage!.Headers!["Idempotency-Key"].Single());
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_word_that_is_chosen_or_null_is_sent_or_not(bool chosen)
    {
        AnswerWithSample();

        await _client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt, Quality = chosen ? ImageQuality.High : null });

        using var sent = System.Text.Json.JsonDocument.Parse(_server.LogEntries.Single().RequestMessage!.BodyAsBytes!);
        Assert.Equal(chosen, sent.RootElement.TryGetProperty("quality", out _));
    }

    [Fact]
    public async Task A_prompt_travels_as_it_is_written()
    {
        AnswerWithSample();

        await _client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt + " é — ü" });

        Assert.Contains(Prompt + " é — ü", System.Text.Encoding.UTF8.GetString(_server.LogEntries.Single().RequestMessage!.BodyAsBytes!), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_upload_has_the_three_published_parts()
    {
        Answer("/v1/files/upload", """{ "url": "https://example.com/demo.png" }""");

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
    public async Task A_base_address_may_end_in_v1(string end)
    {
        AnswerWithSample();
        using var client = Clients.For(new Uri(_server.Url!.TrimEnd('/') + end));

        await client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt });

        Assert.Equal(Generations, _server.LogEntries.Single().RequestMessage!.Path);
    }

    [Fact]
    public async Task A_base_address_may_have_a_prefix()
    {
        Answer("/gateway" + Generations, Sample);
        using var client = Clients.For(new Uri(_server.Url!.TrimEnd('/') + "/gateway/v1"));

        await client.Images.GenerateAsync(new ImageRequest { Prompt = Prompt });

        Assert.Single(_server.LogEntries);
    }

    private const string Sample = """{ "created": 1710000000, "data": [ { "url": "https://example.com/output.png" } ] }""";

    private static ImageJobInput AllFields() => new()
    {
        Prompt = "…",
        ImageUrl = "https://example.com/input.png",
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

    private void AnswerWithSample() => Answer(Generations, Sample);

    private void Answer(string path, string body) => _server.Given(Request.Create().WithPath(path).UsingPost()).RespondWith(Json(body));

    private void Poll(string status, string next, string? when = null)
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
