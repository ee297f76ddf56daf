using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Diagnostics;

/// <summary>What one client tells about its calls. While nobody listens it makes nothing and reads no clock.</summary>
/// <param name="logger">Where to log.</param>
/// <param name="time">The clock.</param>
/// <param name="provider">The provider's name.</param>
/// <param name="server">The address of the API.</param>
/// <param name="capturesPrompts">Whether spans carry prompts.</param>
internal sealed class ClientTelemetry(ILogger logger, TimeProvider time, string provider, Uri server, bool capturesPrompts)
{
    private readonly object _port = server.Port;

    public ILogger Logger => logger;

    public TimeProvider Time => time;

    public bool CapturesPrompts => capturesPrompts;

    /// <summary>Gets a value indicating whether any line might be written: scopes are for all levels.</summary>
    public bool IsLogged => logger.IsEnabled(LogLevel.Critical);

    public static bool CountsBytes => Instruments.TransferredBytes.Enabled;

    /// <summary>Begins to watch a call. The span, if there is one, is the current activity of the asynchronous method that calls this.</summary>
    /// <returns>Null when nobody listens.</returns>
    public OperationWatch? Begin(in OperationStart start) =>
        IsLogged
        || (start.Span is not null && (Instruments.Source.HasListeners() || Instruments.OperationDuration.Enabled || Instruments.TokenUsage.Enabled))
            ? new OperationWatch(this, start)
            : null;

    /// <summary>Begins to watch the waiting for a job.</summary>
    /// <returns>Null when nobody listens.</returns>
    public WaitWatch? BeginWait(string call, string jobId, string? model) =>
        IsLogged || Instruments.Source.HasListeners()
        || Instruments.ActiveJobs.Enabled || Instruments.JobPolls.Enabled || Instruments.JobWaitDuration.Enabled
            ? new WaitWatch(this, call, jobId, model)
            : null;

    /// <summary>Tells that a request is to be sent again.</summary>
    /// <param name="call">The call's name.</param>
    /// <param name="attempt">The number of the attempt that failed.</param>
    /// <param name="wait">How long to wait before the next.</param>
    /// <param name="reason">Why, in words of this library's own: a server's may repeat the prompt.</param>
    /// <param name="requestId">The id of the answer, cleaned.</param>
    /// <param name="watch">The call's watch.</param>
    public void Retrying(string call, int attempt, TimeSpan wait, string reason, string? requestId, ICallWatch? watch)
    {
        watch?.Answered(requestId);
        logger.Retrying(call, attempt, wait, reason);
        watch?.Retrying(attempt, wait, reason);
        if (Instruments.Retries.Enabled)
        {
            Safely(() => Instruments.Retries.Add(1, Tags((TelemetryNames.Call, call), (TelemetryNames.RetryReason, reason))));
        }
    }

    public void Sent(int bytes) => Count(bytes, TelemetryNames.Transmit);

    public void Received(int bytes) => Count(bytes, TelemetryNames.Receive);

    /// <summary>Starts a span, for what a call to the server is about.</summary>
    public Activity? StartSpan(string operation, string? model, string name)
    {
        if (!Instruments.Source.HasListeners())
        {
            return null;
        }

        Activity? span = null;
        Safely(() => span = Instruments.Source.StartActivity(name, ActivityKind.Client));
        if (span is { IsAllDataRequested: true })
        {
            span.SetTag(TelemetryNames.OperationName, operation)
                .SetTag(TelemetryNames.ProviderName, provider)
                .SetTag(TelemetryNames.RequestModel, model)
                .SetTag(TelemetryNames.ServerAddress, server.Host)
                .SetTag(TelemetryNames.ServerPort, _port);
        }

        return span;
    }

    /// <summary>Makes the tags of a measurement: those that all have, and those with a value.</summary>
    public TagList Tags(params ReadOnlySpan<(string Name, object? Value)> own)
    {
        TagList tags = default;
        foreach (var (name, value) in own)
        {
            if (value is not null)
            {
                tags.Add(name, value);
            }
        }

        tags.Add(TelemetryNames.ProviderName, provider);
        tags.Add(TelemetryNames.ServerAddress, server.Host);
        tags.Add(TelemetryNames.ServerPort, _port);
        return tags;
    }

    /// <summary>Opens a scope for the lines of a call; null when nobody logs.</summary>
    public IDisposable? OpenScope(LogScope scope) => IsLogged ? logger.BeginScope(scope) : null;

    /// <summary>Runs what ends in a listener's code: its failures stay its own, since they must not lose what was paid for.</summary>
    public static void Safely(Action tell)
    {
        try
        {
            tell();
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            // there is nowhere to tell it
        }
    }

    private void Count(int bytes, string direction)
    {
        if (bytes > 0 && Instruments.TransferredBytes.Enabled)
        {
            Add(bytes, direction);
        }
    }

    /// <summary>Links may lead to other servers, so that these measurements name none. A method of its own, since its closure is made in any case.</summary>
    private void Add(int bytes, string direction) => Safely(() => Instruments.TransferredBytes.Add(
        bytes, new KeyValuePair<string, object?>(TelemetryNames.Direction, direction), new KeyValuePair<string, object?>(TelemetryNames.ProviderName, provider)));
}
