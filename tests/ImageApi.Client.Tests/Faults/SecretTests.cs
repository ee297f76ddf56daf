using System.Text;
using System.Text.Json.Serialization;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Tests.Faults;

/// <summary>The key goes into one header of one origin and nowhere else: items A1 to A7 of the security checklist.</summary>
public sealed class SecretTests : FaultMatrix
{
    // characters that a URL escapes, so that the escaped form is another text than the key itself
    private const string Key = "sk-very/secret+key=0123456789";
    private static readonly string[] Forms = [Key, Uri.EscapeDataString(Key), Convert.ToBase64String(Encoding.UTF8.GetBytes(Key)), Key.Replace("/", "\\/", StringComparison.Ordinal).Replace("+", "\\u002b", StringComparison.Ordinal)];

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Download)]
    public async Task A1_no_failure_shows_the_key(Endpoint endpoint)
    {
        Exchange[] faults =
        [
            Reply.ResetAtOnce, Reply.Reset, Reply.Close, Reply.Raw("garbage\r\n\r\n"), Reply.With(500, "{}"), Reply.With(200, "{"), Reply.With(302, "{}", "Location: /x"),
        ];
        foreach (var fault in faults)
        {
            await using var server = ScriptServer.Start(fault);
            using var client = Clients.For(server.BaseAddress, static options => options.ApiKey = Key);

            var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.CallAsync(endpoint, server.BaseAddress, Target));

            AssertSafe(error);
        }
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    [InlineData(Endpoint.Wait)]
    public async Task A1_neither_logs_nor_activities_nor_metrics_show_the_key_or_what_was_asked(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.With(503, "{}", "Retry-After: 0"), Reply.Good(endpoint));
        using var logs = new LogBook();
        using var tags = new ActivityBook();
        var provider = Guid.NewGuid().ToString();
        using var metrics = new MeterBook(provider);
        await using var services = Logged(server, logs, provider);

        await services.GetRequiredService<ImageApiClient>().CallAsync(endpoint, server.BaseAddress, Target);

        Assert.All(server.Requests, static request => Assert.Equal("Bearer " + Key, request.Header("Authorization")));
        Assert.Contains(logs.Lines, static line => line.Contains(" again in ", StringComparison.Ordinal));
        Assert.Contains(logs.Lines, static line => line.Contains("System.Net.Http.HttpClient", StringComparison.Ordinal));
        Assert.NotEmpty(tags.Texts);
        Assert.NotEmpty(metrics.Texts);
        Assert.All([.. logs.Lines, .. tags.Texts, .. tags.Events, .. metrics.Texts], static text =>
        {
            AssertNoKey(text);
            Assert.DoesNotContain(EndpointCalls.Prompt, text, StringComparison.Ordinal);
        });
    }

    [Fact]
    public async Task A1_the_books_of_activities_and_metrics_would_show_the_key()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        using var logs = new LogBook();
        using var tags = new ActivityBook();
        using var metrics = new MeterBook(Key);
        await using var services = Logged(server, logs, provider: Key);

        await services.GetRequiredService<ImageApiClient>().CallAsync(Endpoint.Generate, server.BaseAddress);

        Assert.Contains(tags.Texts, static text => text.Contains(Key, StringComparison.Ordinal));
        Assert.Contains(metrics.Texts, static text => text.Contains(Key, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A1_the_book_of_logs_would_show_the_key()
    {
        using var logs = new LogBook();
        logs.CreateLogger("test").LogTrace("{Key}", Key);

        Assert.Contains(logs.Lines, static line => line.Contains(Key, StringComparison.Ordinal));
        await Task.CompletedTask;
    }

    // What serves links never gets the key, and cannot echo it.
    [Theory]
    [InlineData(401)]
    [InlineData(500)]
    [InlineData(200)]
    public async Task A2_a_server_that_echoes_the_key_is_masked(int status)
    {
        foreach (var form in Forms)
        {
            foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Upload })
            {
                var body = $$$"""{"error":{"message":"Incorrect API key: {{{form}}}","code":"{{{form}}}","type":"{{{form}}}","param":"{{{form}}}"},"request_id":"{{{form}}}"{{{(status == 200 ? null : $",\"job_id\":\"{form}\"")}}}}""";
                await using var server = ScriptServer.Start(Reply.With(status, body, "x-request-id: " + form));
                using var client = Clients.For(server.BaseAddress, static options => options.ApiKey = Key);

                var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.CallAsync(endpoint, server.BaseAddress, Target));

                AssertSafe(error);
                Assert.Contains("***", error.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    public async Task A2_a_key_in_the_reason_phrase_or_a_redirect_is_masked(Endpoint endpoint)
    {
        foreach (var form in Forms)
        {
            foreach (var head in new[] { $"HTTP/1.1 500 {form}\r\n", $"HTTP/1.1 302 x\r\nLocation: http://user:{Uri.EscapeDataString(form)}@127.0.0.1:9/{form}\r\n" })
            {
                await using var server = ScriptServer.Start(Reply.Raw($"{head}Content-Length: 0\r\nx-request-id: {form}\r\n\r\n"));
                using var client = Clients.For(server.BaseAddress, static options => options.ApiKey = Key);

                AssertSafe(await Assert.ThrowsAnyAsync<ImageApiException>(() => client.CallAsync(endpoint, server.BaseAddress, Target)));
            }
        }
    }

    [Fact]
    public async Task A2_a_key_in_the_error_of_a_job_is_masked_and_its_lines_are_escaped()
    {
        foreach (var form in Forms)
        {
            await using var server = ScriptServer.Start(Reply.With(
                200, $$$"""{"id":"job_example","status":"failed","request_id":"{{{form}}}","error":{"message":"{{{form}}}\n","code":"{{{form}}}","type":"{{{form}}}"}}"""));
            using var client = Clients.For(server.BaseAddress, static options => options.ApiKey = Key);

            var error = await Assert.ThrowsAsync<JobFailedException>(() => client.CallAsync(Endpoint.Wait, server.BaseAddress));

            AssertSafe(error);
            AssertNoKey($"{error.Job!.Error} {error.Job.RequestId}");
            Assert.Contains("***\\u000a", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A2_a_key_in_the_error_of_a_medium_is_masked()
    {
        await using var server = ScriptServer.Start(Reply.With(200, $$$"""{"data":[{"error":{"message":"{{{Key}}}\n"}}]}"""));
        using var client = Clients.For(server.BaseAddress, static options => options.ApiKey = Key);

        var result = await client.Images.GenerateAsync(new ImageRequest { Prompt = "fox" });
        var error = await Assert.ThrowsAsync<MediaDownloadException>(() => client.Media.SaveAsync(result.Images[0], Target));

        AssertNoKey(error.ToString());
        Assert.Contains("***\\u000a", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Endpoint.Generate)]
    [InlineData(Endpoint.Submit)]
    [InlineData(Endpoint.Get)]
    [InlineData(Endpoint.Upload)]
    public async Task A2_a_key_in_a_header_line_that_is_none_is_masked(Endpoint endpoint)
    {
        await using var server = ScriptServer.Start(Reply.Raw($"HTTP/1.1 200 OK\r\nyou said {Key}\r\n\r\n"));
        using var client = Clients.For(server.BaseAddress, static options => options.ApiKey = Key);

        var error = await Assert.ThrowsAnyAsync<ImageApiException>(() => client.CallAsync(endpoint, server.BaseAddress, Target));

        AssertSafe(error);
        Assert.Contains("you said ***", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(400)]
    [InlineData(200)]
    public async Task A2_a_key_where_a_text_is_cut_is_masked_before(int status)
    {
        foreach (var length in new[] { 512, 4096 })
        {
            foreach (var endpoint in new[] { Endpoint.Generate, Endpoint.Submit, Endpoint.Get, Endpoint.Upload })
            {
                var body = Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat(Key, 8)) + new string('x', length - 8 - (8 * Key.Length)) + Key);
                await using var server = ScriptServer.Start(Reply.With(status, body, "text/plain"));
                using var client = Clients.For(server.BaseAddress, static options => options.ApiKey = Key);

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
    public void A3_a_key_that_cannot_be_a_header_is_refused_without_showing_it(string key)
    {
        var error = Assert.Throws<ArgumentException>(() => new ImageApiClient(new ImageApiClientOptions { BaseAddress = new Uri("https://api.example"), ApiKey = key }));

        Assert.Contains("ApiKey", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("secret-from-a-file\n")]
    [InlineData("secret-schlüssel")]
    [InlineData("")]
    public async Task A3_a_provider_that_gives_such_a_key_is_told_without_showing_it(string key)
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        using var client = Clients.For(server.BaseAddress, options => options.ApiKeyProvider = _ => new(key));

        var error = await Assert.ThrowsAsync<ImageApiException>(() => client.CallAsync(Endpoint.Generate, server.BaseAddress));

        Assert.DoesNotContain("secret", error.ToString(), StringComparison.Ordinal);
        Assert.Equal(RequestOutcome.NotSent, error.Outcome);
        Assert.Equal(0, server.Connections);
    }

    [Fact]
    public async Task A4_the_key_is_in_one_header_and_not_in_the_defaults()
    {
        await using var server = ScriptServer.Start(Reply.Good(Endpoint.Generate));
        using var http = new HttpClient { Timeout = Timeout.InfiniteTimeSpan };
        var options = Clients.Options(server.BaseAddress, Key);
        using var client = new ImageApiClient(http, options);

        await client.CallAsync(Endpoint.Generate, server.BaseAddress);

        Assert.Empty(http.DefaultRequestHeaders);
        Assert.Equal(1, server.Received.Split(Key).Length - 1);
        Assert.Equal("Bearer " + Key, server.Requests[0].Header("Authorization"));
    }

    [Theory]
    [InlineData(404)]
    [InlineData(200)]
    public async Task A5_the_signature_of_a_link_is_not_shown(int status)
    {
        await using var server = ScriptServer.Start(Reply.With(status, "{}"));
        using var logs = new LogBook();
        using var tags = new ActivityBook();
        var provider = Guid.NewGuid().ToString();
        using var metrics = new MeterBook(provider);
        await using var services = Logged(server, logs, provider);
        var media = new GeneratedMedia { Kind = MediaKind.Image, Url = $"{server.BaseAddress}a.png?signature=hunter2" };

        var error = await Assert.ThrowsAsync<MediaDownloadException>(() => services.GetRequiredService<ImageApiClient>().Media.SaveAsync(media, Target));

        Assert.Contains("hunter2", server.Received, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error.ToString() + media + string.Join('\n', [.. logs.Lines, .. tags.Texts, .. tags.Events, .. metrics.Texts]), StringComparison.Ordinal);
    }

    [Fact]
    public void A6_prompts_and_bytes_are_not_in_texts()
    {
        object[] things =
        [
            new ImageRequest { Prompt = "hunter2", ReferenceImages = [ReferenceImage.FromBytes("hunter2"u8.ToArray(), "image/png")] },
            new JobRequest { Input = new ImageJobInput { Prompt = "hunter2", User = "hunter2" } },
            new ImageJobInput { Prompt = "hunter2" },
            ReferenceImage.FromUrl("https://example.com/a.png?signature=hunter2"),
            new GeneratedMedia { Kind = MediaKind.Image, Url = "https://example.com/a.png?signature=hunter2", Data = "hunter2"u8.ToArray(), RevisedPrompt = "hunter2" },
            new UploadedFile { Url = "https://example.com/a.png?signature=hunter2" },
            FileUpload.FromBytes("hunter2"u8.ToArray(), "demo.png"),
        ];

        Assert.All(things, static thing => Assert.DoesNotContain("hunter2", thing.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public void A7_options_show_no_key_as_text_or_JSON()
    {
        var options = Clients.Options(new Uri("https://api.example"), Key);
        options.ApiKeyProvider = static _ => new(Key);

        var json = System.Text.Json.JsonSerializer.Serialize(options, SecretJsonContext.Default.ImageApiClientOptions);

        Assert.Contains("BaseAddress", json, StringComparison.Ordinal);
        AssertNoKey(json);
        AssertNoKey(options.ToString());
    }

    private static void AssertSafe(ImageApiException error)
    {
        for (Exception? inner = error; inner is not null; inner = inner.InnerException)
        {
            AssertNoKey(inner.ToString());
            Assert.All(inner.Data.Keys.Cast<object>(), key => AssertNoKey($"{key} {inner.Data[key]}"));
        }

        AssertNoKey($"{error.ErrorCode} {error.ErrorType} {error.ErrorParam} {error.RequestId} {error.JobId} {error.ResponseExcerpt} {error.Operation} {error.IdempotencyKey}");
    }

    private static void AssertNoKey(string? text) => Assert.All(Forms, form => Assert.DoesNotContain(form, text, StringComparison.Ordinal));

    private static ServiceProvider Logged(ScriptServer server, LogBook logs, string provider = "imageapi")
    {
        var services = new ServiceCollection();
        services.AddLogging(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
        services.AddImageApiClient(options =>
        {
            options.BaseAddress = server.BaseAddress;
            options.ApiKey = Key;
            options.Telemetry.ProviderName = provider;
        });
        return services.BuildServiceProvider();
    }
}

[JsonSerializable(typeof(ImageApiClientOptions))]
internal sealed partial class SecretJsonContext : JsonSerializerContext;
