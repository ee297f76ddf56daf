using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit.Sdk;
using Property = ImageApi.Client.Tests.Support.Property;

namespace ImageApi.Client.Tests.Faults;

/// <summary>Property 10: whatever fails, and however a server repeats the key, nothing that the library says holds it.</summary>
public sealed class SecretRedactionPropertyTests : FaultMatrix
{
    private const int CaseCount = Property.MaxCases < 700 ? Property.MaxCases : 700;

    private static Gen<string> AnyApiKey =>
        from length in Gen.Choose(20, 60)
        from characters in Gen.Choose(0x21, 0x7E).Select(static c => (char)c).ListOf(length)
        select string.Concat(characters);

    private static Gen<(string Key, Endpoint Endpoint, EchoingServerFault[] Faults)> AnyScenario =>
        from apiKey in AnyApiKey
        from endpoint in Gen.Elements(Enum.GetValues<Endpoint>())
        from count in Gen.Choose(1, 3)
        from seeds in Gen.Choose(0, int.MaxValue).ListOf(count)
        select (apiKey, endpoint, seeds.Select(seed => new EchoingServerFault(endpoint, seed)).ToArray());

    [Fact]
    public async Task P10_api_key_never_appears_in_any_output() => await Task.Run(() =>
    {
        var failed = 0;
        Property.Holds(AnyScenario, async run => failed += await RunAsync(run.Key, run.Endpoint, run.Faults) ? 1 : 0, CaseCount);

        Assert.InRange(failed, CaseCount, 2 * CaseCount); // most runs fail, and some come to an end
    });

    [Theory]
    [InlineData("log")]
    [InlineData("activity")]
    [InlineData("data")]
    public async Task P10_handler_that_leaks_the_api_key_is_detected(string place) => await Task.Run(() =>
    {
        var error = Assert.Throws<XunitException>(() => Property.Holds(AnyScenario, run => RunAsync(run.Key, run.Endpoint, run.Faults, place), cases: 20));

        Assert.Contains("shows the key", error.ToString(), StringComparison.Ordinal);
    });

    [Fact]
    public void P10_api_key_is_detected_in_every_encoding_and_place() => Property.Holds(
        from key in AnyApiKey
        from before in Property.AnyText
        select (key, before),
        static x => Assert.All(ApiKeyEncodings.AllOf(x.key), form =>
        {
            var error = new ImageApiException("outer", new ImageApiException(x.before).Also(inner => inner.Data["x"] = form)) { Info = new() { Operation = "x" } };

            Assert.Throws<XunitException>(() => ApiKeyEncodings.AssertAbsent(x.key, [("text", x.before + form + x.before)]));
            Assert.Throws<XunitException>(() => ApiKeyEncodings.AssertAbsent(x.key, DiagnosticTexts.AllOf(error)));
            Assert.Throws<XunitException>(() => ApiKeyEncodings.AssertAbsent(x.key, DiagnosticTexts.AllOf(new ImageApiException("x") { ErrorParam = form })));
            Assert.Throws<XunitException>(() => ApiKeyEncodings.AssertAbsent(x.key, DiagnosticTexts.AllOf(new Job { Id = form })));
        }));

    /// <summary>Runs a call against a server that goes through the faults, and looks at all that was said.</summary>
    /// <returns>Whether the call failed.</returns>
    private async Task<bool> RunAsync(string apiKey, Endpoint endpoint, EchoingServerFault[] faults, string? leak = null)
    {
        var script = faults.Select(fault => fault.ExchangeFor(apiKey)).ToList();
        if (faults[^1].MayBeRetried)
        {
            script.Add(ScriptedResponse.Success(endpoint));
        }

        await using var server = ScriptedServer.Start([.. script]);
        using var logs = new LogCollector();
        using var tags = new ActivityTextCollector();
        using var metrics = new MetricsCollector("imageapi");
        await using var services = CreateServices(server, apiKey, logs, leak);
        var client = services.GetRequiredService<ImageApiClient>();
        object output;
        var failed = false;
        try
        {
            output = await client.CallAsync(endpoint, server.BaseAddress, Target).WaitAsync(TestTimeout.Duration);
        }
        catch (Exception e) when (e is ImageApiException)
        {
            output = e;
            failed = true;
        }

        var events = faults.Any(static fault => fault.IsQuotedByHttpClient) ? [] : tags.Events;
        ApiKeyEncodings.AssertAbsent(apiKey, [.. DiagnosticTexts.AllOf(output), ("client", client.ToString()), .. Labeled("log", logs.Lines), .. Labeled("activity", tags.Texts), .. Labeled("event", events), .. Labeled("metric", metrics.Texts)]);
        Assert.NotEmpty(logs.Lines);
        return failed;
    }

    private static IEnumerable<(string Place, string? Text)> Labeled(string place, IEnumerable<string> texts) => texts.Select(text => (place, (string?)text));

    private static ServiceProvider CreateServices(ScriptedServer server, string apiKey, LogCollector logs, string? leak)
    {
        var services = new ServiceCollection();
        services.AddLogging(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
        services.AddImageApiClient(options =>
        {
            options.BaseAddress = server.BaseAddress;
            options.ApiKey = apiKey;
            options.Downloads.SendApiKeyToSameOrigin = true; // who never gets the key cannot repeat it
            (options.Retry.BaseDelay, options.Retry.MaxDelay) = (TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5));
        }).AddHttpMessageHandler(() => new LeakingHandler(logs, leak));
        return services.BuildServiceProvider();
    }

    /// <summary>Tells the key where it is told to; by default it keeps silent.</summary>
    private sealed class LeakingHandler(LogCollector logs, string? place) : DelegatingHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var header = request.Headers.Authorization?.ToString();
            switch (place)
            {
                case "log":
                    logs.CreateLogger("leak").LogTrace("{Header}", header);
                    break;
                case "activity":
                    using (var activity = new Activity("leak").AddTag("header", header).Start())
                    {
                        Assert.NotNull(activity.Id);
                    }

                    break;
                case "data":
                    throw new HttpRequestException("leak").Also(e => e.Data["header"] = header);
            }

            return await base.SendAsync(request, cancellationToken);
        }
    }
}
