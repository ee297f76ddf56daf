using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace ImageApi.Client.Tests.Support;

/// <summary>The measurements of the library that carry one provider's name: tests run beside each other.</summary>
internal sealed class MetricsCollector : IDisposable
{
    private readonly ConcurrentQueue<RecordedMeasurement> _all = [];
    private readonly ConcurrentDictionary<string, Instrument> _instruments = new(StringComparer.Ordinal);
    private readonly MeterListener _listener = new();

    public MetricsCollector(string provider)
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Name == "ImageApi.Client")
            {
                _instruments[instrument.Name] = instrument;
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(provider, instrument, value, tags));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => Add(provider, instrument, value, tags));
        _listener.Start();
    }

    public IReadOnlyDictionary<string, Instrument> Instruments => _instruments;

    public IReadOnlyList<RecordedMeasurement> All => [.. _all];

    /// <summary>Gets all that was measured, as texts.</summary>
    public IReadOnlyList<string> Texts => [.. _all.Select(static item => $"{item.Instrument} {string.Join(' ', item.Tags.Select(static tag => $"{tag.Key}={tag.Value}"))}")];

    public IReadOnlyList<RecordedMeasurement> OfInstrument(string instrument) => [.. _all.Where(item => item.Instrument == instrument)];

    public double Sum(string instrument, string? tag = null, object? value = null) =>
        OfInstrument(instrument).Where(item => tag is null || Equals(item.Tags.GetValueOrDefault(tag), value)).Sum(static item => item.Value);

    public void Dispose() => _listener.Dispose();

    private void Add(string provider, Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var all = tags.ToArray().ToDictionary(StringComparer.Ordinal);
        if (Equals(all.GetValueOrDefault("gen_ai.provider.name"), provider))
        {
            _all.Enqueue(new RecordedMeasurement(instrument.Name, value, all));
        }
    }

    internal sealed record RecordedMeasurement(string Instrument, double Value, IReadOnlyDictionary<string, object?> Tags);
}
