using System.Collections.Concurrent;

namespace ImageApi.Emulator;

/// <summary>What an emulator was asked, accepted and charged. Everything is written down before the caller gets its answer.</summary>
public sealed class EmulatorLedger
{
    private readonly ConcurrentQueue<LedgerCharge> _charges = [];
    private readonly ConcurrentQueue<LedgerRequest> _requests = [];
    private readonly ConcurrentQueue<LedgerUpload> _uploads = [];
    private readonly ConcurrentDictionary<string, int> _chargesByPrompt = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, int> _pollsByJob = new(StringComparer.Ordinal);
    private readonly long[] _requestsByEndpoint = new long[Enum.GetValues<EmulatorEndpoint>().Length];
    private long _itemCount;

    internal EmulatorLedger()
    {
    }

    /// <summary>All charges so far, in order.</summary>
    public IReadOnlyList<LedgerCharge> Charges => [.. _charges];

    /// <summary>All requests so far, in order; empty without <see cref="EmulatorOptions.RecordRequests"/>.</summary>
    public IReadOnlyList<LedgerRequest> Requests => [.. _requests];

    /// <summary>All uploads so far, in order.</summary>
    public IReadOnlyList<LedgerUpload> Uploads => [.. _uploads];

    /// <summary>How often each prompt was charged.</summary>
    public IReadOnlyDictionary<string, int> ChargesByPrompt => _chargesByPrompt;

    /// <summary>How many paid requests were charged.</summary>
    public int ChargeCount => _charges.Count;

    /// <summary>How many pictures, videos and sounds were charged.</summary>
    public long ItemCount => Interlocked.Read(ref _itemCount);

    /// <summary>How many requests came.</summary>
    public long RequestCount => Enum.GetValues<EmulatorEndpoint>().Sum(RequestsTo);

    /// <summary>Tells how often a prompt was charged. More than once means that somebody paid twice.</summary>
    public int ChargesFor(string prompt) => _chargesByPrompt.GetValueOrDefault(prompt);

    /// <summary>Tells how many state queries a job got.</summary>
    public int PollsFor(string jobId) => _pollsByJob.GetValueOrDefault(jobId);

    /// <summary>Tells how many requests an endpoint got, refused ones included.</summary>
    public long RequestsTo(EmulatorEndpoint endpoint) => Interlocked.Read(ref _requestsByEndpoint[(int)endpoint]);

    internal void Add(LedgerCharge charge)
    {
        _charges.Enqueue(charge);
        _chargesByPrompt.AddOrUpdate(charge.Prompt, 1, (_, count) => count + 1);
        Interlocked.Add(ref _itemCount, charge.ItemCount);
    }

    internal void Add(LedgerUpload upload) => _uploads.Enqueue(upload);

    internal void Add(LedgerRequest request) => _requests.Enqueue(request);

    internal void RecordRequest(EmulatorEndpoint endpoint) => Interlocked.Increment(ref _requestsByEndpoint[(int)endpoint]);

    internal int RecordPoll(string jobId) => _pollsByJob.AddOrUpdate(jobId, 1, (_, count) => count + 1);
}
