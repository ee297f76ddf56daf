using System.Text;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Tests.Faults;

/// <summary>The key goes into one header of one origin and nowhere else: items A1 to A7 of the security checklist.</summary>
public sealed class SecretRedactionTests : FaultMatrix
{
    // characters that a URL escapes, so that the escaped form is another text than the key itself
    private const string ApiKey = "sk-very/secret+key=0123456789";
    private static readonly string[] EncodedApiKeys = [ApiKey, Uri.EscapeDataString(ApiKey), Convert.ToBase64String(Encoding.UTF8.GetBytes(ApiKey)), ApiKey.Replace("/", "\\/", StringComparison.Ordinal).Replace("+", "\\u002b", StringComparison.Ordinal)];

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Download)]
    public async Task A1_exceptions_do_not_contain_the_api_key(Endpoint endpoint)
    {
        Exchange[] faults =
        [
            ScriptedResponse.ResetImmediately, ScriptedResponse.Reset, ScriptedResponse.Close, ScriptedResponse.Raw("garbage\r\n\r\n"), ScriptedResponse.With(500, "{}"), ScriptedResponse.With(200, "{"), ScriptedResponse.With(302, "{}", "Location: /x"),
        ];
        foreach (var fault in faults)
        {
            await using var server = ScriptedServer.Start(fault);
            using var client = TestClients.Create(server.BaseAddress, static options => options.ApiKey = ApiKey);

            var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.CallAsync(endpoint, server.BaseAddress, Target));

            AssertRedacted(error);
        }
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Wait)]
    public async Task A1_telemetry_does_not_contain_the_api_key_or_prompt(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(503, "{}", "Retry-After: 0"), ScriptedResponse.Success(endpoint));
        using var logs = new LogCollector();
        using var tags = new ActivityTextCollector();
        var provider = Guid.NewGuid().ToString();
        using var metrics = new MetricsCollector(provider);
        await using var services = CreateLoggedServices(server, logs, provider);

        await services.GetRequiredService<ImageApiClient>().CallAsync(endpoint, server.BaseAddress, Target);

        Assert.All(server.Requests, static request => Assert.Equal("Bearer " + ApiKey, request.Header("Authorization")));
        Assert.Contains(logs.Lines, static line => line.Contains("retrying in ", StringComparison.Ordinal) || line.Contains("again in ", StringComparison.Ordinal));
        Assert.Contains(logs.Lines, static line => line.Contains("System.Net.Http.HttpClient", StringComparison.Ordinal));
        Assert.NotEmpty(tags.Texts);
        Assert.NotEmpty(metrics.Texts);
        Assert.All([.. logs.Lines, .. tags.Texts, .. tags.Events, .. metrics.Texts], static text =>
        {
            AssertNoApiKey(text);
            Assert.DoesNotContain(EndpointCalls.Prompt, text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A1_trace_and_metric_collectors_detect_a_leaked_api_key()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        using var logs = new LogCollector();
        using var tags = new ActivityTextCollector();
        using var metrics = new MetricsCollector(ApiKey);
        await using var services = CreateLoggedServices(server, logs, provider: ApiKey);

        await services.GetRequiredService<ImageApiClient>().CallAsync(Endpoint.Generate, server.BaseAddress);

        Assert.Contains(tags.Texts, static text => text.Contains(ApiKey, StringComparison.Ordinal));
        Assert.Contains(metrics.Texts, static text => text.Contains(ApiKey, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A1_log_collector_detects_a_leaked_api_key()
    {
        using var logs = new LogCollector();
        logs.CreateLogger("test").LogTrace("{Key}", ApiKey);

        Assert.Contains(logs.Lines, static line => line.Contains(ApiKey, StringComparison.Ordinal));
        await Task.CompletedTask;
    }

    // What serves links never gets the key, and cannot echo it.
    [Theory]
    [InlineData(401)]
    [InlineData(500)]
    [InlineData(200)]
    public async Task A2_api_key_in_an_error_response_is_redacted(int status)
    {
        foreach (var encodedApiKey in EncodedApiKeys)
        {
            foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Upload })
            {
                var body = $$$"""{"error":{"message":"Incorrect API key: {{{encodedApiKey}}}","code":"{{{encodedApiKey}}}","type":"{{{encodedApiKey}}}","param":"{{{encodedApiKey}}}"},"request_id":"{{{encodedApiKey}}}"{{{(status == 200 ? null : $",\"job_id\":\"{encodedApiKey}\"")}}}}""";
                await using var server = ScriptedServer.Start(ScriptedResponse.With(status, body, "x-request-id: " + encodedApiKey));
                using var client = TestClients.Create(server.BaseAddress, static options => options.ApiKey = ApiKey);

                var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.CallAsync(endpoint, server.BaseAddress, Target));

                AssertRedacted(error);
                Assert.Contains("***", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    public async Task A2_api_key_in_a_reason_phrase_or_redirect_is_redacted(Endpoint endpoint)
    {
        foreach (var encodedApiKey in EncodedApiKeys)
        {
            foreach (var head in new[] { $"HTTP/1.1 500 {encodedApiKey}\r\n", $"HTTP/1.1 302 x\r\nLocation: http://user:{Uri.EscapeDataString(encodedApiKey)}@127.0.0.1:9/{encodedApiKey}\r\n" })
            {
                await using var server = ScriptedServer.Start(ScriptedResponse.Raw($"{head}Content-Length: 0\r\nx-request-id: {encodedApiKey}\r\n\r\n"));
                using var client = TestClients.Create(server.BaseAddress, static options => options.ApiKey = ApiKey);

                AssertRedacted(await Assert.ThrowsAnyAsync<ImageApiException>(() => client.CallAsync(endpoint, server.BaseAddress, Target)));
            }
        }
    }

    [Fact]
    public async Task A2_job_error_redacts_the_api_key_and_escapes_line_breaks()
    {
        foreach (var encodedApiKey in EncodedApiKeys)
        {
            await using var server = ScriptedServer.Start(ScriptedResponse.With(
                200, $$$"""{"id":"job_example","status":"failed","request_id":"{{{encodedApiKey}}}","error":{"message":"{{{encodedApiKey}}}\n","code":"{{{encodedApiKey}}}","type":"{{{encodedApiKey}}}"}}"""));
            using var client = TestClients.Create(server.BaseAddress, static options => options.ApiKey = ApiKey);

            var error = await Assert.ThrowsAsync<JobFailedException>(() => client.CallAsync(Endpoint.Wait, server.BaseAddress));

            AssertRedacted(error);
            AssertNoApiKey($"{error.Job!.Error} {error.Job.RequestId}");
            Assert.Contains("***\\u000a", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A2_api_key_in_a_media_error_is_redacted()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(200, $$$"""{"data":[{"error":{"message":"{{{ApiKey}}}\n"}}]}"""));
        using var client = TestClients.Create(server.BaseAddress, static options => options.ApiKey = ApiKey);

        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" });
        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => client.Media.SaveAsync(result.Images[0], Target));

        AssertNoApiKey(error.ToString());
        Assert.Contains("***\\u000a", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    public async Task A2_api_key_in_an_invalid_header_line_is_redacted(Endpoint endpoint)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Raw($"HTTP/1.1 200 OK\r\nyou said {ApiKey}\r\n\r\n"));
        using var client = TestClients.Create(server.BaseAddress, static options => options.ApiKey = ApiKey);

        var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.CallAsync(endpoint, server.BaseAddress, Target));

        AssertRedacted(error);
        Assert.Contains("you said ***", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(200)]
    public async Task A2_api_key_is_redacted_before_an_excerpt_is_truncated(int status)
    {
        foreach (var length in new[] { 512, 4096 })
        {
            foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Upload })
            {
                var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(ApiKey, 8)) + new string('x', length - 8 - (8 * ApiKey.Length)) + ApiKey);
                await using var server = ScriptedServer.Start(ScriptedResponse.With(status, body, "text/plain"));
                using var client = TestClients.Create(server.BaseAddress, static options => options.ApiKey = ApiKey);

                var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.CallAsync(endpoint, server.BaseAddress, Target));

                Assert.DoesNotContain("sk-very", error + error.ResponseExcerpt, StringComparison.Ordinal);
                Assert.Contains("***", error.ResponseExcerpt, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("secret-with\r\nX-Injected: 1")]
    [InlineData("secret-from-a-file\n")]
    [InlineData("secret-with\0nul")]
    [InlineData("secret with space")]
    [InlineData("secret-schlüssel")]
    public void A3_invalid_api_key_is_rejected_without_being_shown(string apiKey)
    {
        var error = Assert.Throws<ArgumentException>(() => new ImageApiClient(new ImageApiClientOptions { BaseAddress = new Uri("https://api.example"), ApiKey = apiKey }));

        Assert.Contains("ApiKey", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secret-from-a-file\n")]
    [InlineData("secret-schlüssel")]
    [InlineData("")]
    public async Task A3_invalid_api_key_from_a_provider_is_not_shown(string apiKey)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        using var client = TestClients.Create(server.BaseAddress, options => options.ApiKeyProvider = _ => new(apiKey));

        var error = await Assert.ThrowsAsync<ImageApiException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(RequestOutcome.NotSent, error.Outcome);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task A4_api_key_is_only_in_the_Authorization_header()
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.Success(Endpoint.Generate));
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var options = TestClients.Options(server.BaseAddress, ApiKey);
        using var client = new ImageApiClient(http, options);

        await client.CallAsync(Endpoint.Generate, server.BaseAddress);

        Assert.Empty(http.DefaultRequestHeaders);
        Assert.Equal(1, server.Received.Split(ApiKey).Length - 1);
        Assert.Equal("Bearer " + ApiKey, server.Requests[0].Header("Authorization"));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(200)]
    public async Task A5_media_url_signature_is_not_shown(int status)
    {
        await using var server = ScriptedServer.Start(ScriptedResponse.With(status, "{}"));
        using var logs = new LogCollector();
        using var tags = new ActivityTextCollector();
        var provider = Guid.NewGuid().ToString();
        using var metrics = new MetricsCollector(provider);
        await using var services = CreateLoggedServices(server, logs, provider);
        var media = new GeneratedMedia { Kind = MediaKind.Image, Url = $"{server.BaseAddress}a.png?signature=hunter2" };

        var error = await FailureAssert.ThrowsAsync(ImageApiFailureReason.Download, () => services.GetRequiredService<ImageApiClient>().Media.SaveAsync(media, Target));

        Assert.Contains("hunter2", server.Received, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString() + media + string.Join('\n', [.. logs.Lines, .. tags.Texts, .. tags.Events, .. metrics.Texts]), StringComparison.Ordinal);
    }

    [Fact]
    public void A6_prompts_and_bytes_are_not_in_ToString()
    {
        object[] models =
        [
            new ImageRequest { Prompt = "hunter2", ReferenceImages = [ReferenceImage.FromBytes("hunter2"u8.ToArray(), "image/png")] },
            new JobRequest { Input = new ImageJobInput { Prompt = "hunter2", User = "hunter2" } },
            new ImageJobInput { Prompt = "hunter2" },
            ReferenceImage.FromUrl("https://example.com/a.png?signature=hunter2"),
            new GeneratedMedia { Kind = MediaKind.Image, Url = "https://example.com/a.png?signature=hunter2", Data = "hunter2"u8.ToArray(), RevisedPrompt = "hunter2" },
            new UploadedFile { Url = "https://example.com/a.png?signature=hunter2" },
            FileUpload.FromBytes("hunter2"u8.ToArray(), "demo.png"),
        ];

        Assert.All(models, static model => Assert.DoesNotContain("hunter2", model.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A7_options_do_not_show_the_api_key_as_text_or_json()
    {
        var options = TestClients.Options(new Uri("https://api.example"), ApiKey);
        options.ApiKeyProvider = static _ => new(ApiKey);

        var json = System.Text.Json.JsonSerializer.Serialize(options, SecretRedactionJsonContext.Default.ImageApiClientOptions);

        Assert.Contains("BaseAddress", json, StringComparison.Ordinal);
        AssertNoApiKey(json);
        AssertNoApiKey(options.ToString());
    }

    private static void AssertRedacted(ImageApiException error)
    {
        for (Exception? inner = error; inner is not null; inner = inner.InnerException)
        {
            AssertNoApiKey(inner.ToString());
            Assert.All(inner.Data.Keys.Cast<object>(), name => AssertNoApiKey($"{name} {inner.Data[name]}"));
        }

        AssertNoApiKey($"{error.ErrorCode} {error.ErrorType} {error.ErrorParam} {error.RequestId} {error.JobId} {error.ResponseExcerpt} {error.Info.Operation} {error.Info.IdempotencyKey}");
    }

    private static void AssertNoApiKey(string? text) => Assert.All(EncodedApiKeys, encodedApiKey => Assert.DoesNotContain(encodedApiKey, text, StringComparison.Ordinal));

    private static ServiceProvider CreateLoggedServices(ScriptedServer server, LogCollector logs, string provider = "imageapi")
    {
        var services = new ServiceCollection();
        services.AddLogging(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
        services.AddImageApiClient(options =>
        {
            options.BaseAddress = server.BaseAddress;
            options.ApiKey = ApiKey;
            options.Telemetry.ProviderName = provider;
        });
        return services.BuildServiceProvider();
    }
}

[JsonSerializable(typeof(ImageApiClientOptions))]
internal sealed partial class SecretRedactionJsonContext : JsonSerializerContext;
