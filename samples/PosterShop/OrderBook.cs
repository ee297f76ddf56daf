using System.Collections.Concurrent;

namespace PosterShop;

/// <summary>Stands for a database: it knows the job of every order, and the orders that a person must look at.</summary>
public sealed class OrderBook
{
    public ConcurrentDictionary<string, string> Jobs { get; } = new();

    public ConcurrentQueue<string> NeedsReview { get; } = new();

    public ValueTask SaveJobAsync(string motif, string jobId)
    {
        Jobs[motif] = jobId;
        return default;
    }

    public void MarkForReview(string motif, string? reference) => NeedsReview.Enqueue($"{motif}: {reference}");
}
