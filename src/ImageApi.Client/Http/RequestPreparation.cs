using ImageApi.Client.Http.Failures;
using ImageApi.Client.Http.Timeouts;

namespace ImageApi.Client.Http;

/// <summary>What comes before a paid request, such as the uploads of its references: a limit that the caller set for the call spans it as well.</summary>
internal static class RequestPreparation
{
    /// <summary>Makes ready what is to be sent.</summary>
    /// <param name="operation">The call that is to be paid.</param>
    /// <param name="state">What <paramref name="prepare"/> needs.</param>
    /// <param name="prepare">Makes ready what is to be sent.</param>
    /// <param name="limit">The limit that the caller set for the whole call; null for none, where the limits of uploads and that of the request each hold by themselves.</param>
    /// <param name="time">The clock.</param>
    /// <param name="cancellationToken">Cancels it.</param>
    /// <returns>What was made ready, and what is left of the limit.</returns>
    public static async ValueTask<(T Prepared, TimeSpan? Left)> RunAsync<TState, T>(
        ApiOperation operation, TState state, Func<TState, CancellationToken, ValueTask<T>> prepare, TimeSpan? limit, TimeProvider time, CancellationToken cancellationToken)
        where T : IDisposable
    {
        if (limit is { } whole)
        {
            return await WithinAsync(operation, token => prepare(state, token), whole, time, cancellationToken).ConfigureAwait(false);
        }

        return (await ApiTransport.PrepareAsync(operation, state, prepare, cancellationToken).ConfigureAwait(false), null);
    }

    private static async ValueTask<(T Prepared, TimeSpan? Left)> WithinAsync<T>(
        ApiOperation operation, Func<CancellationToken, ValueTask<T>> prepare, TimeSpan limit, TimeProvider time, CancellationToken cancellationToken)
        where T : IDisposable
    {
        var startedAt = time.GetTimestamp();
        var prepared = await ApiTransport.PrepareAsync(operation, prepare, WithinLimitAsync, cancellationToken).ConfigureAwait(false);
        var remaining = limit - time.GetElapsedTime(startedAt);
        if (remaining > TimeSpan.Zero)
        {
            return (prepared, remaining);
        }

        prepared.Dispose();
        throw ExceptionFactory.PreparationTimedOut(operation, limit, cause: null);

        async ValueTask<T> WithinLimitAsync(Func<CancellationToken, ValueTask<T>> prepare, CancellationToken token)
        {
            using var timeout = new ResettableTimeout(limit, time, token);
            timeout.Restart();
            try
            {
                return await prepare(timeout.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException e) when (timeout.IsExpired)
            {
                throw ExceptionFactory.PreparationTimedOut(operation, limit, e);
            }
        }
    }
}
