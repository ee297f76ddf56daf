using System.Runtime.CompilerServices;

namespace ImageApi.Client.Jobs.Internal;

/// <summary>What callers do with a poller: wait for the end, or watch every change.</summary>
internal static class JobPolling
{
    /// <summary>Gives the accepted job to the caller's callback. What it throws carries the id of the job.</summary>
    public static async ValueTask NotifyAsync(
        Func<Job, CancellationToken, ValueTask> onSubmitted, Job submitted, CancellationToken cancellationToken)
    {
        try
        {
            await onSubmitted(submitted, cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException e) when (cancellationToken.IsCancellationRequested)
        {
            throw JobExceptions.Canceled(submitted.Id, e, cancellationToken);
        }
        catch (Exception e)
        {
            RequestInfo.AttachIfExternal(e, JobExceptions.InfoFor(submitted.Id, submitted));
            throw;
        }
    }

    /// <summary>Polls until the job is final.</summary>
    /// <returns>The job, which has succeeded.</returns>
    public static async Task<Job> WaitAsync(JobPoller poller, CancellationToken cancellationToken)
    {
        using var waiting = poller;
        Job? job = null;
        while (job is not { IsFinal: true })
        {
            job = await poller.NextAsync(cancellationToken).ConfigureAwait(false);
        }

        return job.State == JobState.Succeeded ? job : throw JobExceptions.Failed(job);
    }

    /// <summary>Polls until the job is final and yields every change. Every enumeration has a poller of its own.</summary>
    public static async IAsyncEnumerable<Job> WatchAsync(Func<JobPoller> createPoller, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using var poller = createPoller();
        Job? last = null;
        while (last is not { IsFinal: true })
        {
            var job = await poller.NextAsync(cancellationToken).ConfigureAwait(false);
            if (last is null || job.State != last.State || job.Status != last.Status || job.Progress != last.Progress
                || job.Output.All.Count() != last.Output.All.Count())
            {
                yield return job;
            }

            last = job;
        }
    }
}
