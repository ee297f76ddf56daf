using System.Text.Json;
using static ImageApi.Client.Tests.Support.RawServer;

namespace ImageApi.Client.Tests;

/// <summary>What cannot be sent is refused with a clear error before a byte goes out, and without showing the key.</summary>
public sealed class InputValidationTests
{
    private const string SecretApiKey = "sk-secret-0123456789";
    private static readonly JsonElement JsonNumber = Parse("1");
    private static readonly GeneratedMedia InlineMedia = new() { Data = SampleFiles.Png };

    private static readonly Dictionary<string, Func<ImageApiClient, Task>> InvalidCalls = new()
    {
        ["generate null"] = static client => client.Images.GenerateAsync(null!),
        ["empty prompt"] = static client => client.Images.GenerateAsync(new ImageRequest { Prompt = "" }),
        ["blank prompt"] = static client => client.Images.GenerateAsync(new ImageRequest { Prompt = " \n" }),
        ["half surrogate in the prompt"] = static client => client.Images.GenerateAsync(new ImageRequest { Prompt = "a\ud800b" }),
        ["no model"] = static client => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", Model = "" }),
        ["no size"] = static client => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", Size = default }),
        ["count 0"] = static client => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", Count = 0 }),
        ["null among the references"] = static client => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", ReferenceImages = [null!] }),
        ["a field twice"] = static client => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", AdditionalParameters = SingleMember("prompt", JsonNumber) }),
        ["a field without a value"] = static client => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", AdditionalParameters = SingleMember("seed", default) }),
        ["half surrogate in the user"] = static client => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox", User = "\udc00" }),
        ["submit null"] = static client => client.Jobs.SubmitAsync(null!),
        ["no input"] = static client => client.Jobs.SubmitAsync(new JobRequest { Input = null! }),
        ["job with an empty prompt"] = static client => client.Jobs.RunAsync(SampleRequests.Image("")),
        ["job with count -1"] = static client => client.Jobs.RunAsync(new JobRequest { Input = new ImageJobInput { Prompt = "fox", Count = -1 } }),
        ["free input without a model"] = static client => client.Jobs.RunAsync(new JobRequest { Input = JobInput.FromJson(Parse("{}")) }),
        ["bytes where only links go"] = static client => client.Jobs.RunAsync(
            new JobRequest { Input = new ImageJobInput { Prompt = "fox", ReferenceImageUrls = [ReferenceImage.FromBytes(SampleFiles.Png)] } }),
        ["free input that is no object"] = static _ => Task.FromResult(JobInput.FromJson(JsonNumber)),
        ["get null"] = static client => client.Jobs.GetAsync(null!),
        ["get empty"] = static client => client.Jobs.GetAsync(""),
        ["get ."] = static client => client.Jobs.GetAsync("."),
        ["wait .."] = static client => client.Jobs.WaitAsync(".."),
        ["wait line break"] = static client => client.Jobs.WaitAsync("a\nb"),
        ["wait half surrogate"] = static client => client.Jobs.WaitAsync("\ud800"),
        ["watch empty"] = static client => Task.FromResult(client.Jobs.WatchAsync(" ")),
        ["get far too long"] = static client => client.Jobs.GetAsync(new string('x', 5000)),
        ["upload null"] = static client => client.Files.UploadAsync(null!),
        ["upload without a kind"] = static client => client.Files.UploadAsync(FileUpload.FromBytes(new byte[1], "a.png") with { Kind = default }),
        ["upload of an empty path"] = static _ => Task.FromResult(FileUpload.FromFile("")),
        ["upload of no stream"] = static _ => Task.FromResult(FileUpload.FromStream(null!, "a")),
        ["upload of a stream that cannot be read"] = static _ => Task.FromResult(FileUpload.FromStream(ClosedStream(), "a")),
        ["upload with a line break in the type"] = static _ => Task.FromResult(FileUpload.FromBytes(new byte[1], "a", "image/png\r\nX: y")),
        ["upload with a type that is none"] = static _ => Task.FromResult(FileUpload.FromBytes(new byte[1], "a", "png")),
        ["kind with a line break"] = static _ => Task.FromResult(new FileKind("image\r\n")),
        ["save null"] = static client => client.Media.SaveAsync(null!, "x.png"),
        ["save nothing"] = static client => client.Media.SaveAsync(new GeneratedMedia(), "x.png"),
        ["save to nowhere"] = static client => client.Media.SaveAsync(InlineMedia, ""),
        ["save from another scheme"] = static client => client.Media.OpenReadAsync(new GeneratedMedia { Url = "file:///etc/passwd" }),
        ["save from a relative link"] = static client => client.Media.OpenReadAsync(new GeneratedMedia { Url = "/etc/passwd" }),
        ["copy to null"] = static client => client.Media.CopyToAsync(InlineMedia, null!),
        ["copy to a stream that cannot be written"] = static client => client.Media.CopyToAsync(InlineMedia, new MemoryStream(SampleFiles.Png, writable: false)),
        ["reference that is a path"] = static _ => Task.FromResult(ReferenceImage.FromUrl("photo.png")),
        ["reference of another scheme"] = static _ => Task.FromResult(ReferenceImage.FromUrl(new Uri("ftp://example.com/a.png"))),
        ["reference with a line break"] = static _ => Task.FromResult(ReferenceImage.FromUrl("https://example.com/\n")),
        ["reference without bytes"] = static _ => Task.FromResult(ReferenceImage.FromBytes(default)),
        ["reference of an empty path"] = static _ => Task.FromResult(ReferenceImage.FromFile(" ")),
        ["reference of a stream that cannot be read"] = static _ => Task.FromResult(ReferenceImage.FromStream(ClosedStream())),
        ["empty idempotency key"] = static _ => Task.FromResult(new RequestOptions { IdempotencyKey = "" }),
        ["idempotency key with a line break"] = static _ => Task.FromResult(new RequestOptions { IdempotencyKey = "a\r\nb" }),
        ["idempotency key of 256 characters"] = static _ => Task.FromResult(new RequestOptions { IdempotencyKey = new string('x', 256) }),
        ["time limit of zero"] = static _ => Task.FromResult(new RequestOptions { Timeout = TimeSpan.Zero }),
        ["endless time limit"] = static _ => Task.FromResult(new RequestOptions { Timeout = TimeSpan.MaxValue }),
        ["negative time limit"] = static _ => Task.FromResult(new TransferOptions { Timeout = TimeSpan.FromSeconds(-1) }),
        ["infinite time limit for saving"] = static _ => Task.FromResult(new SaveOptions { Timeout = Timeout.InfiniteTimeSpan }),
        ["negative wait"] = static _ => Task.FromResult(new JobWaitOptions { Timeout = TimeSpan.FromSeconds(-1) }),
        ["interval of zero"] = static _ => Task.FromResult(new JobWaitOptions { FirstInterval = TimeSpan.Zero }),
        ["endless interval"] = static _ => Task.FromResult(new JobWaitOptions { MaxInterval = TimeSpan.MaxValue }),
        ["factor below 1"] = static _ => Task.FromResult(new JobWaitOptions { IntervalFactor = 0.5 }),
        ["factor that is no number"] = static _ => Task.FromResult(new JobWaitOptions { IntervalFactor = double.NaN }),
        ["header without a name"] = static _ => WithHeader("", "x"),
        ["header with a colon in its name"] = static _ => WithHeader("X:", "x"),
        ["header with a line break"] = static _ => WithHeader("X-A", "x\r\nX-Evil: 1"),
        ["header beyond ASCII"] = static _ => WithHeader("X-A", "ä"),
        ["header without a value"] = static _ => WithHeader("X-A", null!),
        ["Authorization as a header"] = static _ => WithHeader("authorization", "Bearer x"),
        ["Host as a header"] = static _ => WithHeader("Host", "evil.example"),
        ["Content-Type as a header"] = static _ => WithHeader("Content-Type", "text/plain"),
        ["a header of the body"] = static _ => WithHeader("Last-Modified", "Mon, 01 Jan 2024 00:00:00 GMT"),
        ["a date that is none"] = static _ => WithHeader("If-Modified-Since", "yesterday"),
    };

    private static readonly Dictionary<string, (string Setting, Action<ImageApiClientOptions> Set)> InvalidOptions = new()
    {
        ["no address"] = ("BaseAddress", static options => options.BaseAddress = null),
        ["relative address"] = ("BaseAddress", static options => options.BaseAddress = new Uri("/v1", UriKind.Relative)),
        ["ftp address"] = ("BaseAddress", static options => options.BaseAddress = new Uri("ftp://backend")),
        ["clear text"] = ("BaseAddress", static options => options.BaseAddress = new Uri("http://backend:8000")),
        ["user in the address"] = ("BaseAddress", static options => options.BaseAddress = new Uri("https://user:hunter2@backend")),
        ["query in the address"] = ("BaseAddress", static options => options.BaseAddress = new Uri("https://backend/?a=b")),
        ["fragment in the address"] = ("BaseAddress", static options => options.BaseAddress = new Uri("https://backend/#a")),
        ["no key"] = ("ApiKey", static options => options.ApiKey = null),
        ["empty key"] = ("ApiKey", static options => options.ApiKey = ""),
        ["key with a line break"] = ("ApiKey", static options => options.ApiKey = SecretApiKey + "\n"),
        ["key that injects"] = ("ApiKey", static options => options.ApiKey = SecretApiKey + "\r\nX-Evil: 1"),
        ["key beyond ASCII"] = ("ApiKey", static options => options.ApiKey = SecretApiKey + "ä"),
        ["key with a space"] = ("ApiKey", static options => options.ApiKey = SecretApiKey + " x"),
        ["suffix with a line break"] = ("UserAgentSuffix", static options => options.UserAgentSuffix = "a/1\r\nX: y"),
        ["negative retries"] = ("Retry.MaxRetries", static options => options.Retry.MaxRetries = -1),
        ["delay of zero"] = ("Retry.BaseDelay", static options => options.Retry.BaseDelay = TimeSpan.Zero),
        ["endless delay"] = ("Retry.MaxDelay", static options => options.Retry.MaxDelay = TimeSpan.MaxValue),
        ["negative Retry-After"] = ("Retry.MaxRetryAfter", static options => options.Retry.MaxRetryAfter = TimeSpan.FromSeconds(-1)),
        ["infinite generation"] = ("Timeouts.Generation", static options => options.Timeouts.Generation = Timeout.InfiniteTimeSpan),
        ["endless wait"] = ("Wait.Timeout", static options => options.Wait.Timeout = TimeSpan.MaxValue),
        ["first interval of zero"] = ("Wait.FirstInterval", static options => options.Wait.FirstInterval = TimeSpan.Zero),
        ["negative maximum interval"] = ("Wait.MaxInterval", static options => options.Wait.MaxInterval = TimeSpan.FromSeconds(-1)),
        ["client factor below 1"] = ("Wait.IntervalFactor", static options => options.Wait.IntervalFactor = 0.5),
        ["client factor that is no number"] = ("Wait.IntervalFactor", static options => options.Wait.IntervalFactor = double.NaN),
        ["submission of zero"] = ("Timeouts.Submission", static options => options.Timeouts.Submission = TimeSpan.Zero),
        ["endless query"] = ("Timeouts.StatusQuery", static options => options.Timeouts.StatusQuery = TimeSpan.MaxValue),
        ["negative upload"] = ("Timeouts.Upload", static options => options.Timeouts.Upload = TimeSpan.MinValue),
        ["negative download"] = ("Timeouts.Download", static options => options.Timeouts.Download = TimeSpan.FromTicks(-1)),
        ["idle of zero"] = ("Timeouts.Idle", static options => options.Timeouts.Idle = TimeSpan.Zero),
        ["connect of zero"] = ("Timeouts.Connect", static options => options.Timeouts.Connect = TimeSpan.Zero),
        ["no bytes"] = ("Limits.MaxMediaBytes", static options => options.Limits.MaxMediaBytes = 0),
        ["uploads from nothing"] = ("ReferenceImages.UploadThreshold", static options => options.ReferenceImages.UploadThreshold = 0),
        ["negative memory"] = ("ReferenceImages.UploadCacheDuration", static options => options.ReferenceImages.UploadCacheDuration = TimeSpan.FromTicks(-1)),
        ["endless memory"] = ("ReferenceImages.UploadCacheDuration", static options => options.ReferenceImages.UploadCacheDuration = TimeSpan.MaxValue),
        ["too little JSON"] = ("Limits.MaxJsonBytes", static options => options.Limits.MaxJsonBytes = 10),
    };

    public static TheoryData<string> InvalidCallNames => [.. InvalidCalls.Keys];

    public static TheoryData<string> InvalidOptionNames => [.. InvalidOptions.Keys];

    [Theory]
    [MemberData(nameof(InvalidCallNames))]
    public async Task Invalid_call_throws_ArgumentException_before_any_request(string name)
    {
        await using var server = RespondingWith(CreateResponse("{}"));
        using var client = TestClients.Create(server.Address, static options => options.ApiKey = SecretApiKey);

        var error = await Assert.ThrowsAnyAsync<ArgumentException>(() => InvalidCalls[name](client));

        Assert.Equal(0, server.Connections);
        Assert.NotNull(error.ParamName);
        Assert.DoesNotContain(SecretApiKey, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Test_server_detects_a_request()
    {
        await using var server = RespondingWith(CreateResponse("{}"));
        using var client = TestClients.Create(server.Address, static options => options.ApiKey = SecretApiKey);

        await Assert.ThrowsAnyAsync<ImageApiException>(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" }));

        Assert.Equal(1, server.Connections);
        Assert.Equal("Bearer " + SecretApiKey, Assert.Single(server.Requests).Header("Authorization"));
    }

    [Theory]
    [MemberData(nameof(InvalidOptionNames))]
    public void Invalid_option_is_reported_by_name(string name)
    {
        var options = TestClients.Options(new Uri("https://backend:8000"), SecretApiKey);
        InvalidOptions[name].Set(options);

        var error = Assert.Throws<ArgumentException>(() => new ImageApiClient(options));

        Assert.Contains("ImageApiClientOptions." + InvalidOptions[name].Setting + " ", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(SecretApiKey, error.ToString(), StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HttpClient_with_a_short_timeout_is_rejected()
    {
        using var http = new HttpClient();

        var error = Assert.Throws<ArgumentException>(() => new ImageApiClient(http, TestClients.Options(new Uri("https://backend:8000"), SecretApiKey)));

        Assert.Contains("InfiniteTimeSpan", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(SecretApiKey, error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void HttpClient_with_a_long_timeout_is_accepted()
    {
        using var http = new HttpClient { Timeout = TimeSpan.FromHours(1) };
        using var client = new ImageApiClient(http, TestClients.Options(new Uri("https://backend:8000")));

        Assert.NotNull(client.Images);
    }

    [Fact]
    public void Client_does_not_dispose_the_given_HttpClient()
    {
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };

        new ImageApiClient(http, TestClients.Options(new Uri("https://backend:8000"))).Dispose();

        http.CancelPendingRequests(); // would throw
    }

    private static Task<RequestOptions> WithHeader(string name, string value) => Task.FromResult(new RequestOptions { Headers = new Dictionary<string, string> { [name] = value } });

    private static Dictionary<string, JsonElement> SingleMember(string name, JsonElement value) => new() { [name] = value };

    private static MemoryStream ClosedStream()
    {
        var stream = new MemoryStream();
        stream.Dispose();
        return stream;
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
