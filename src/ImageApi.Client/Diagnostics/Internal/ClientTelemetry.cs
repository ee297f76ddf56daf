using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Diagnostics.Internal;

/// <summary>Writes the logs, spans and metrics of one client. Without a listener it allocates nothing and reads no clock.</summary>
/// <param name="logger">Where to log.</param>
/// <param name="time">The clock.</param>
/// <param name="provider">The provider's name.</param>
/// <param name="server">The address of the API.</param>
/// <param name="includesPrompts">Whether spans carry prompts.</param>
internal sealed class ClientTelemetry(ILogger logger, TimeProvider time, string provider, Uri server, bool includesPrompts)
{
    private readonly object _port = server.Port;

    public ILogger Logger => logger;

    public TimeProvider Time => time;

    public bool IncludesPrompts => includesPrompts;

    /// <summary>Gets a value indicating whether any line might be written: scopes are for all levels.</summary>
    public bool IsLogged => logger.IsEnabled(LogLevel.Critical);

    public static bool CountsBytes => Instruments.TransferredBytes.Enabled;

    /// <summary>Starts the scope of an operation. Its span becomes the current activity of the calling asynchronous method.</summary>
    /// <returns>Null without a listener.</returns>
    public OperationScope? Begin(in OperationDescriptor descriptor) =>
        IsLogged
        || (descriptor.SpanName is not null && (Instruments.Source.HasListeners() || Instruments.OperationDuration.Enabled || Instruments.TokenUsage.Enabled))
            ? new OperationScope(this, descriptor)
            : null;

    /// <summary>Starts the scope of job polling.</summary>
    /// <returns>Null without a listener.</returns>
    public JobPollingScope? BeginJobPolling(string operation, string jobId, string? model) =>
        IsLogged || Instruments.Source.HasListeners()
        || Instruments.ActiveJobs.Enabled || Instruments.JobPolls.Enabled || Instruments.JobWaitDuration.Enabled
            ? new JobPollingScope(this, operation, jobId, model)
            : null;

    /// <summary>Records a retry.</summary>
    /// <param name="operation">The call's name.</param>
    /// <param name="attempt">The number of the attempt that failed.</param>
    /// <param name="delay">The delay before the next attempt.</param>
    /// <param name="reason">The reason in this library's words; a server's message may repeat the prompt.</param>
    /// <param name="requestId">The sanitized request id of the response.</param>
    /// <param name="observer">The observer of the operation.</param>
    public void Retrying(string operation, int attempt, TimeSpan delay, string reason, string? requestId, IAttemptObserver? observer)
    {
        observer?.OnResponse(requestId);
        logger.Retrying(operation, attempt, delay, reason);
        observer?.OnRetry(attempt, delay, reason);
        if (Instruments.Retries.Enabled)
        {
            RunGuarded(() => Instruments.Retries.Add(1, Tags((TelemetryNames.Call, operation), (TelemetryNames.RetryReason, reason))));
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
        RunGuarded(() => span = Instruments.Source.StartActivity(name, ActivityKind.Client));
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
    public TagList Tags(params ReadOnlySpan<(string Name, object? Value)> tags)
    {
        TagList list = default;
        foreach (var (name, value) in tags)
        {
            if (value is not null)
            {
                list.Add(name, value);
            }
        }

        list.Add(TelemetryNames.ProviderName, provider);
        list.Add(TelemetryNames.ServerAddress, server.Host);
        list.Add(TelemetryNames.ServerPort, _port);
        return list;
    }

    /// <summary>Opens a scope for the lines of a call; null when nobody logs.</summary>
    public IDisposable? OpenScope(LogScope scope) => IsLogged ? logger.BeginScope(scope) : null;

    /// <summary>Runs what ends in a listener's code: its failures stay its own, since they must not lose what was paid for.</summary>
    public static void RunGuarded(Action action)
    {
        try
        {
            action();
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
    private void Add(int bytes, string direction) => RunGuarded(() => Instruments.TransferredBytes.Add(
        bytes, new KeyValuePair<string, object?>(TelemetryNames.Direction, direction), new KeyValuePair<string, object?>(TelemetryNames.ProviderName, provider)));
}
