using System.Collections.Concurrent;

namespace ImageApi.Emulator.Generations;

/// <summary>The orders taken so far, and the jobs some of them became.</summary>
internal sealed class GenerationStore(EmulatorOptions options)
{
    private readonly ConcurrentDictionary<string, (GenerationRequest Request, EmulatedJob? Job)> _entries = new(StringComparer.Ordinal);
    private readonly ConcurrentQueue<(DateTimeOffset Created, string Id)> _byAge = [];

    public void Add(GenerationRequest request, EmulatedJob? job = null)
    {
        _entries[request.Id] = (request, job);
        _byAge.Enqueue((request.Created, request.Id));
        RemoveExpired();
    }

    public GenerationRequest? Find(string id) => FindEntry(id)?.Request;

    public EmulatedJob? FindJob(string id) => FindEntry(id)?.Job;

    private (GenerationRequest Request, EmulatedJob? Job)? FindEntry(string id)
        => _entries.TryGetValue(id, out var entry) && !IsExpired(entry.Request.Created) ? entry : null;

    // Only what nobody can ask for any more goes; so the two collections may be a moment apart.
    private void RemoveExpired()
    {
        while (options.JobRetention is not null && _byAge.TryPeek(out var oldest) && IsExpired(oldest.Created) && _byAge.TryDequeue(out var dequeued))
        {
            if (IsExpired(dequeued.Created))
            {
                _entries.TryRemove(dequeued.Id, out _);
            }
            else
            {
                _byAge.Enqueue(dequeued);
            }
        }
    }

    private bool IsExpired(DateTimeOffset created)
        => options.JobRetention is { } retention && options.TimeProvider.GetUtcNow() - created > retention;
}
