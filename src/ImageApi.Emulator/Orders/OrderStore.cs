using System.Collections.Concurrent;
using ImageApi.Emulator.Jobs;

namespace ImageApi.Emulator.Orders;

/// <summary>The orders taken so far, and the jobs some of them became.</summary>
internal sealed class OrderStore(EmulatorOptions options)
{
    private readonly ConcurrentDictionary<string, (Order Order, EmulatedJob? Job)> _orders = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(DateTimeOffset Created, string Id)> _byAge = [];

    public void Add(Order order, EmulatedJob? job = null)
    {
        _orders[order.Id] = (order, job);
        _byAge.Enqueue((order.Created, order.Id));
        Forget();
    }

    public Order? Find(string id) => Known(id)?.Order;

    public EmulatedJob? FindJob(string id) => Known(id)?.Job;

    private (Order Order, EmulatedJob? Job)? Known(string id)
        => _orders.TryGetValue(id, out var entry) && !IsOver(entry.Order.Created) ? entry : null;

    // Only what nobody can ask for any more goes; so the two collections may be a moment apart.
    private void Forget()
    {
        while (options.JobRetention is not null && _byAge.TryPeek(out var oldest) && IsOver(oldest.Created) && _byAge.TryDequeue(out var gone))
        {
            if (IsOver(gone.Created))
            {
                _orders.TryRemove(gone.Id, out _);
            }
            else
            {
                _byAge.Enqueue(gone);
            }
        }
    }

    private bool IsOver(DateTimeOffset created)
        => options.JobRetention is { } retention && options.TimeProvider.GetUtcNow() - created > retention;
}
