using System.Diagnostics;
using FsCheck;
using FsCheck.Fluent;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Xunit.Sdk;
using Property = ImageApi.Client.Tests.Support.Property;

namespace ImageApi.Client.Tests.Faults;

/// <summary>Property 10: whatever fails, and however a server repeats the key, nothing that the library says holds it.</summary>
public sealed class SecrecyTests : FaultMatrix
{
    private const int Cases = Property.Most < 700 ? Property.Most : 700;

    private static Gen<string> AnyKey =>
        from length in Gen.Choose(20, 60)
        from characters in Gen.Choose(0x21, 0x7E).Select(static c => (char)c).ListOf(length)
        select string.Concat(characters);

    private static Gen<(string Key, Endpoint Endpoint, EchoFault[] Faults)> AnyRun =>
        from key in AnyKey
        from endpoint in Gen.Elements(Enum.GetValues<Endpoint>())
        from count in Gen.Choose(1, 3)
        from seeds in Gen.Choose(0, int.MaxValue).ListOf(count)
        select (key, endpoint, seeds.Select(seed => new EchoFault(endpoint, seed)).ToArray());

    [Fact]
    public async Task P10_the_key_is_in_nothing_that_is_said() => await Task.Run(() =>
    {
        var failed = 0;
        Property.Holds(AnyRun, async run => failed += await RunAsync(run.Key, run.Endpoint, run.Faults) ? 1 : 0, Cases);

        Assert.InRange(failed, Cases, 2 * Cases); // most runs fail, and some come to an end
    });

    [Theory]
    [InlineData("log")]
    [InlineData("activity")]
    [InlineData("data")]
    public async Task P10_a_handler_that_tells_the_key_is_found_out(string place) => await Task.Run(() =>
    {
        var error = Assert.Throws<XunitException>(() => Property.Holds(AnyRun, run => RunAsync(run.Key, run.Endpoint, run.Faults, place), cases: 20));

        Assert.Contains("shows the key", error.ToString(), StringComparison.Ordinal);
    });

    [Fact]
    public void P10_a_key_in_any_form_and_any_place_is_found() => Property.Holds(
        from key in AnyKey
        from before in Property.AnyText
        select (key, before),
        static x => Assert.All(KeyForms.Of(x.key), form =>
        {
            var error = new ImageApiException("outer", new ImageApiException(x.before).Also(inner => inner.Data["x"] = form)) { Operation = "x" };

            Assert.Throws<XunitException>(() => KeyForms.AssertNowhere(x.key, [("text", x.before + form + x.before)]));
            Assert.Throws<XunitException>(() => KeyForms.AssertNowhere(x.key, Spoken.Of(error)));
            Assert.Throws<XunitException>(() => KeyForms.AssertNowhere(x.key, Spoken.Of(new ImageApiException("x") { ErrorParam = form })));
            Assert.Throws<XunitException>(() => KeyForms.AssertNowhere(x.key, Spoken.Of(new Job { Id = form })));
        }));

    /// <summary>Runs a call against a server that goes through the faults, and looks at all that was said.</summary>
    /// <returns>Whether the call failed.</returns>
    private async Task<bool> RunAsync(string key, Endpoint endpoint, EchoFault[] faults, string? leak = null)
    {
        var script = faults.Select(fault => fault.With(key)).ToList();
        if (faults[^1].MayGoOn)
        {
            script.Add(Reply.Good(endpoint));
        }

        await using var server = ScriptServer.Start([.. script]);
        using var logs = new LogBook();
        using var tags = new ActivityBook();
        using var metrics = new MeterBook("imageapi");
        await using var services = Services(server, key, logs, leak);
        var client = services.GetRequiredService<ImageApiClient>();
        object said;
        var failed = false;
        try
        {
            said = await client.CallAsync(endpoint, server.BaseAddress, Target).WaitAsync(Watchdog.Limit);
        }
        catch (Exception e) when (e is ImageApiException)
        {
            said = e;
            failed = true;
        }

        var events = faults.Any(static fault => fault.IsQuotedByThePlatform) ? [] : tags.Events;
        KeyForms.AssertNowhere(key, [.. Spoken.Of(said), ("client", client.ToString()), .. From("log", logs.Lines), .. From("activity", tags.Texts), .. From("event", events), .. From("metric", metrics.Texts)]);
        Assert.NotEmpty(logs.Lines);
        return failed;
    }

    private static IEnumerable<(string Place, string? Text)> From(string place, IEnumerable<string> texts) => texts.Select(text => (place, (string?)text));

    private static ServiceProvider Services(ScriptServer server, string key, LogBook logs, string? leak)
    {
        var services = new ServiceCollection();
        services.AddLogging(builder => builder.SetMinimumLevel(LogLevel.Trace).AddProvider(logs));
        services.AddImageApiClient(options =>
        {
            options.BaseAddress = server.BaseAddress;
            options.ApiKey = key;
            options.Links.SendApiKeyToSameOrigin = true; // who never gets the key cannot repeat it
            (options.Retry.BaseDelay, options.Retry.MaxDelay) = (TimeSpan.FromMilliseconds(1), TimeSpan.FromMilliseconds(5));
        }).AddHttpMessageHandler(() => new LeakingHandler(logs, leak));
        return services.BuildServiceProvider();
    }

    /// <summary>Tells the key where it is told to; by default it keeps silent.</summary>
    private sealed class LeakingHandler(LogBook logs, string? place) : DelegatingHandler
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
