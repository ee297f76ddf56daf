using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace ImageApi.Client.Tests.Support;

/// <summary>The lines of the library's own category, with their levels, event ids and scopes.</summary>
internal sealed class LogEntryCollector : ILoggerProvider, ISupportExternalScope
{
    private readonly ConcurrentQueue<LogEntry> _all = [];
    private readonly LogLevel _minLevel;
    private IExternalScopeProvider _scopes = new LoggerExternalScopeProvider();

    public LogEntryCollector(LogLevel minLevel = LogLevel.Trace)
    {
        _minLevel = minLevel;
        Factory = LoggerFactory.Create(builder => builder.SetMinimumLevel(minLevel).AddProvider(this));
    }

    public ILoggerFactory Factory { get; }

    public IReadOnlyList<LogEntry> All => [.. _all];

    public IReadOnlyList<LogEntry> AtLevel(LogLevel level) => [.. _all.Where(entry => entry.Level == level)];

    public ILogger CreateLogger(string categoryName) => new EntryLogger(this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => _scopes = scopeProvider;

    public void Dispose() => Factory.Dispose();

    internal sealed record LogEntry(LogLevel Level, EventId Id, string Text, IReadOnlyDictionary<string, object?> Scope);

    private sealed class EntryLogger(LogEntryCollector entries) : ILogger
    {
        public IDisposable BeginScope<TState>(TState state)
            where TState : notnull => entries._scopes.Push(state);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= entries._minLevel;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            var scope = new Dictionary<string, object?>(StringComparer.Ordinal);
            entries._scopes.ForEachScope(
                static (item, all) =>
                {
                    foreach (var (name, value) in item as IEnumerable<KeyValuePair<string, object?>> ?? [])
                    {
                        all[name] = value;
                    }
                },
                scope);
            entries._all.Enqueue(new LogEntry(logLevel, eventId, formatter(state, exception), scope));
        }
    }
}
