using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Security.Cryptography;
using System.Text;

namespace ImageApi.Emulator;

/// <summary>What goes wrong at an emulator. Nothing does until it is told so; all of it may be changed while it runs.</summary>
/// <remarks>
/// Faults are looked for in this order: those queued by <see cref="Next"/>, those given by <see cref="For"/>, <see cref="Decide"/>,
/// and those set by <see cref="Always"/>. Chance plays no part: the same requests meet the same faults.
/// </remarks>
public sealed class EmulatorFaults
{
    private readonly Lock _gate = new();
    private readonly Dictionary<EmulatorEndpoint, Queue<EmulatorFault?>> _next = [];
    private readonly Dictionary<EmulatorEndpoint, EmulatorFault> _always = [];
    private readonly List<(EmulatorEndpoint Endpoint, string Marker, EmulatorFault?[] Faults)> _promptFaults = [];
    private readonly ConcurrentDictionary<(EmulatorEndpoint, ulong), int> _attempts = [];
    private volatile bool _hasFaults;

    /// <summary>Chooses the fault of a request, or null for none. It must be safe to call from many threads at once.</summary>
    /// <remarks>A hash of a marker in <see cref="FaultContext.Prompt"/> and of <see cref="FaultContext.Attempt"/> gives the same faults in every run.</remarks>
    public Func<FaultContext, EmulatorFault?>? Decide { get; set; }

    /// <summary>Gives the coming requests of an endpoint one fault each, in order; null lets one through.</summary>
    public void Next(EmulatorEndpoint endpoint, params ReadOnlySpan<EmulatorFault?> faults)
    {
        lock (_gate)
        {
            if (!_next.TryGetValue(endpoint, out var queue))
            {
                _next[endpoint] = queue = new();
            }

            foreach (var failure in faults)
            {
                queue.Enqueue(failure);
            }

            _hasFaults = true;
        }
    }

    /// <summary>Gives the requests whose prompt contains a marker one fault per attempt, in order; null lets one through, and so do attempts beyond the last.</summary>
    public void For(string promptMarker, EmulatorEndpoint endpoint, params ReadOnlySpan<EmulatorFault?> faults)
    {
        ArgumentException.ThrowIfNullOrEmpty(promptMarker);

        lock (_gate)
        {
            _promptFaults.Add((endpoint, promptMarker, faults.ToArray()));
            _hasFaults = true;
        }
    }

    /// <summary>Gives every request of an endpoint the same fault; null ends that.</summary>
    public void Always(EmulatorEndpoint endpoint, EmulatorFault? failure)
    {
        lock (_gate)
        {
            if (failure is null)
            {
                _always.Remove(endpoint);
            }
            else
            {
                _always[endpoint] = failure;
                _hasFaults = true;
            }
        }
    }

    /// <summary>Takes back all faults, <see cref="Decide"/> included, and forgets the attempts.</summary>
    public void Clear()
    {
        lock (_gate)
        {
            _next.Clear();
            _always.Clear();
            _promptFaults.Clear();
            _attempts.Clear();
            Decide = null;
            _hasFaults = false;
        }
    }

    internal EmulatorFault? Select(FaultContext context)
    {
        context.Attempt = _attempts.AddOrUpdate((context.Endpoint, Hash(context.Subject)), 1, (_, count) => count + 1);
        if (!_hasFaults)
        {
            return Decide?.Invoke(context);
        }

        lock (_gate)
        {
            if (_next.TryGetValue(context.Endpoint, out var queue) && queue.TryDequeue(out var queued))
            {
                return queued;
            }

            foreach (var (endpoint, marker, faults) in _promptFaults)
            {
                if (endpoint == context.Endpoint && context.Prompt?.Contains(marker, StringComparison.Ordinal) == true)
                {
                    return context.Attempt <= faults.Length ? faults[context.Attempt - 1] : null;
                }
            }
        }

        return Decide?.Invoke(context) ?? GetAlwaysFault(context.Endpoint);
    }

    private EmulatorFault? GetAlwaysFault(EmulatorEndpoint endpoint)
    {
        lock (_gate)
        {
            return _always.GetValueOrDefault(endpoint);
        }
    }

    // Prompts may be long and jobs many: eight bytes each are enough to count attempts by.
    private static ulong Hash(string subject) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(subject)));
}
