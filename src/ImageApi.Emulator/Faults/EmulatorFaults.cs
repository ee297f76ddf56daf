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
    private readonly List<(EmulatorEndpoint Endpoint, string Marker, EmulatorFault?[] Faults)> _marked = [];
    private readonly ConcurrentDictionary<(EmulatorEndpoint, ulong), int> _attempts = [];
    private volatile bool _any;

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

            foreach (var fault in faults)
            {
                queue.Enqueue(fault);
            }

            _any = true;
        }
    }

    /// <summary>Gives the requests whose prompt contains a marker one fault per attempt, in order; null lets one through, and so do attempts beyond the last.</summary>
    public void For(string promptMarker, EmulatorEndpoint endpoint, params ReadOnlySpan<EmulatorFault?> faults)
    {
        ArgumentException.ThrowIfNullOrEmpty(promptMarker);

        lock (_gate)
        {
            _marked.Add((endpoint, promptMarker, faults.ToArray()));
            _any = true;
        }
    }

    /// <summary>Gives every request of an endpoint the same fault; null ends that.</summary>
    public void Always(EmulatorEndpoint endpoint, EmulatorFault? fault)
    {
        lock (_gate)
        {
            if (fault is null)
            {
                _always.Remove(endpoint);
            }
            else
            {
                _always[endpoint] = fault;
                _any = true;
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
            _marked.Clear();
            _attempts.Clear();
            Decide = null;
            _any = false;
        }
    }

    internal EmulatorFault? Choose(FaultContext about)
    {
        about.Attempt = _attempts.AddOrUpdate((about.Endpoint, Hash(about.Subject)), 1, (_, count) => count + 1);
        if (!_any)
        {
            return Decide?.Invoke(about);
        }

        lock (_gate)
        {
            if (_next.TryGetValue(about.Endpoint, out var queue) && queue.TryDequeue(out var queued))
            {
                return queued;
            }

            foreach (var (endpoint, marker, faults) in _marked)
            {
                if (endpoint == about.Endpoint && about.Prompt?.Contains(marker, StringComparison.Ordinal) == true)
                {
                    return about.Attempt <= faults.Length ? faults[about.Attempt - 1] : null;
                }
            }
        }

        return Decide?.Invoke(about) ?? AlwaysFor(about.Endpoint);
    }

    private EmulatorFault? AlwaysFor(EmulatorEndpoint endpoint)
    {
        lock (_gate)
        {
            return _always.GetValueOrDefault(endpoint);
        }
    }

    // Prompts may be long and jobs many: eight bytes each are enough to count attempts by.
    private static ulong Hash(string subject) => BinaryPrimitives.ReadUInt64LittleEndian(SHA256.HashData(Encoding.UTF8.GetBytes(subject)));
}
