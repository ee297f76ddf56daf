using System.Collections.Concurrent;

namespace PosterShop;

/// <summary>Stands for a database: it knows the job of every order, and the orders that a person must look at.</summary>
public sealed class OrderBook
{
    public ConcurrentDictionary<string, string> Jobs { get; } = new();

    public ConcurrentQueue<string> ToLookAt { get; } = new();

    public ValueTask WriteAsync(string motif, string jobId)
    {
        Jobs[motif] = jobId;
        return default;
    }

    public void NeedsALook(string motif, string? reference) => ToLookAt.Enqueue($"{motif}: {reference}");
}
