using System.Net;
using System.Text;
using System.Threading.Channels;
using FsCheck.Fluent;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Http;

/// <summary>Whole calls in virtual time against a model of the retry table: how often is sent, after which waits, and what is known at the end.</summary>
public sealed class RetryModelTests
{
    private const int MaxRetries = 2;

    /// <summary>No sum of waits and durations: nothing happens in the very moment in which the time is up.</summary>
    private static readonly TimeSpan RequestTimeout = TimeSpan.FromMilliseconds(99_975);

    private static readonly FsCheck.Gen<Step> Steps =
        from result in Gen.Frequency((12, Gen.Constant(StepResult.Response)), (2, Gen.Constant(StepResult.NotConnected)), (1, Gen.Constant(StepResult.ConnectionLost)))
        from status in Gen.Elements(200, 301, 400, 401, 404, 408, 409, 422, 425, 429, 429, 429, 500, 502, 503, 503, 503, 529)
        from retryAfter in Gen.Elements(null, null, "0", "1", "7", "30", "60", "61", "86400", "99999999999", "-5", "soon", "1.5")
        from code in Gen.Elements(null, null, null, "overloaded", "insufficient_quota", "other")
        from forbidden in Gen.Frequency((9, Gen.Constant(false)), (1, Gen.Constant(true)))
        from seconds in Gen.Elements(0, 0, 1, 20, 50)
        select new Step(result, status, retryAfter, code, forbidden, seconds);

    private enum StepResult
    {
        Response,
        NotConnected,
        ConnectionLost,
    }

    [Fact]
    public async Task P4_paid_request_matches_the_retry_model() => await Task.Run(() => Property.Holds(
        from steps in Steps.ListOf(MaxRetries + 1)
        from random in Gen.Elements(0.0, 0.1, 0.5, 0.9, 1.0)
        select (steps, random),
        static async x => Assert.Equal(Model([.. x.steps], x.random), await RunAsync([.. x.steps], x.random))));

    [Theory]
    [InlineData(429, 3)]
    [InlineData(502, 1)]
    public async Task Simulation_counts_every_sent_request(int status, int requests)
    {
        var steps = Enumerable.Repeat(new Step(StepResult.Response, status, null, null, Forbidden: false, Seconds: 0), 3).ToArray();

        Assert.StartsWith($"{requests} sent", await RunAsync(steps, 0.5), StringComparison.Ordinal);
    }

    /// <summary>The table of the paid calls, written a second time and differently.</summary>
    private static string Model(Step[] steps, double random)
    {
        var clock = 0.0;
        var sent = new List<double>();
        var mayBeBilled = false;
        while (true)
        {
            var step = steps[sent.Count];
            sent.Add(clock);
            clock += step.Result == StepResult.NotConnected ? 0 : step.Seconds;
            if (clock >= RequestTimeout.TotalSeconds)
            {
                return Describe(sent, nameof(ImageApiFailureReason.Timeout), RequestOutcome.Unknown);
            }

            if (step is { Result: StepResult.Response, Status: 200 })
            {
                return Describe(sent, "images", null);
            }

            var retryAfter = step.Result != StepResult.Response ? null : step.RetryAfter switch { "-5" or "soon" or null => default(double?), { } text => double.Parse(text, System.Globalization.CultureInfo.InvariantCulture) };
            var (outcome, allowedRetries) = step switch
            {
                { Result: StepResult.NotConnected } => (RequestOutcome.NotSent, MaxRetries),
                { Result: StepResult.ConnectionLost } => (RequestOutcome.Unknown, 0),
                { Status: 425 } => (RequestOutcome.Rejected, 1),
                { Status: 429 or 503 or 529, Code: "insufficient_quota" } => (RequestOutcome.Rejected, 0),
                { Status: 429 } => (RequestOutcome.Rejected, MaxRetries),
                { Status: 503 or 529 } when retryAfter is not null || step.Code == "overloaded" => (RequestOutcome.Rejected, MaxRetries),
                { Status: 408 or >= 500 or 301 } => (RequestOutcome.Unknown, 0),
                _ => (RequestOutcome.Rejected, 0),
            };
            mayBeBilled |= outcome == RequestOutcome.Unknown;
            var backoff = random * Math.Min(8, 0.5 * Math.Pow(2, sent.Count - 1));
            var delay = Math.Max(backoff, retryAfter ?? 0);
            var shouldRetry = sent.Count <= allowedRetries && !(step is { Result: StepResult.Response, Forbidden: true }) && !(retryAfter > 60) && delay < RequestTimeout.TotalSeconds - clock;
            if (!shouldRetry)
            {
                return Describe(sent, step.Result == StepResult.Response ? nameof(ImageApiFailureReason.Response) : nameof(ImageApiFailureReason.Connection), mayBeBilled ? RequestOutcome.Unknown : outcome);
            }

            clock += delay;
        }
    }

    private static async Task<string> RunAsync(Step[] steps, double random)
    {
        var time = new SteppedTimeProvider();
        using var handler = new StepHandler(steps, time);
        var options = TestClients.Options(ResponseParsing.BaseAddress);
        (options.Retry.BaseDelay, options.Retry.MaxDelay) = (TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(8));
        using var client = TestClients.Create(handler, options, time, random: () => random);
        try
        {
            await time.RunAsync(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox" }, new RequestOptions { Timeout = RequestTimeout }));
            return Describe(handler.Sent, "images", null);
        }
        catch (ImageApiException e)
        {
            Assert.Equal(handler.Sent.Count, e.Info.Attempts);
            return Describe(handler.Sent, e.Reason.ToString(), e.Outcome);
        }
    }

    private static string Describe(List<double> sent, string end, RequestOutcome? outcome) =>
        FormattableString.Invariant($"{sent.Count} sent at {string.Join(" ", sent.Select(static at => at.ToString("0.00", System.Globalization.CultureInfo.InvariantCulture)))}: {end} {outcome}");

    private sealed record Step(StepResult Result, int Status, string? RetryAfter, string? Code, bool Forbidden, int Seconds);

    /// <summary>A clock that jumps to the end of each wait, and only then: there is never more than one.</summary>
    private sealed class SteppedTimeProvider : FakeTimeProvider
    {
        private readonly Channel<TimeSpan> _waits = Channel.CreateUnbounded<TimeSpan>();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            var timer = base.CreateTimer(callback, state, dueTime, period);
            if (dueTime > TimeSpan.Zero && dueTime != RequestTimeout)
            {
                _waits.Writer.TryWrite(dueTime);
            }

            return timer;
        }

        public async Task RunAsync(Func<Task> start)
        {
            var call = start();
            while (await Task.WhenAny(call, _waits.Reader.WaitToReadAsync().AsTask()).WaitAsync(TimeSpan.FromSeconds(30)).ConfigureAwait(false) != call)
            {
                Advance(await _waits.Reader.ReadAsync().ConfigureAwait(false));
            }

            await call.ConfigureAwait(false);
        }
    }

    private sealed class StepHandler(Step[] steps, TimeProvider time) : HttpMessageHandler
    {
        private readonly long _start = time.GetTimestamp();

        public List<double> Sent { get; } = [];

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            var step = steps[Sent.Count];
            Sent.Add(time.GetElapsedTime(_start).TotalSeconds);
            if (step.Result == StepResult.NotConnected)
            {
                throw new HttpRequestException(HttpRequestError.ConnectionError, "refused");
            }

            await request.Content!.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
            if (step.Seconds > 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(step.Seconds), time, cancellationToken).ConfigureAwait(false);
            }

            return step.Result == StepResult.ConnectionLost ? throw new HttpRequestException("reset", new IOException("reset")) : CreateResponse(step, request);
        }

        private static HttpResponseMessage CreateResponse(Step step, HttpRequestMessage request)
        {
            var body = step.Status == 200 ? """{ "data": [ { "url": "https://e.x/a" } ] }""" : $$"""{ "error": { "message": "no", "code": "{{step.Code}}" } }""";
            var response = new HttpResponseMessage((HttpStatusCode)step.Status) { Content = new StringContent(body, Encoding.UTF8, "application/json"), RequestMessage = request };
            if (step.RetryAfter is not null)
            {
                Assert.True(response.Headers.TryAddWithoutValidation("Retry-After", step.RetryAfter));
            }

            if (step.Forbidden)
            {
                response.Headers.Add("x-should-retry", "false");
            }

            return response;
        }
    }
}
