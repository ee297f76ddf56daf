namespace ImageApi.Client.Http;

/// <inheritdoc cref="CallContext"/>
internal sealed class CallContext<TState, T>(
    ApiRequest request, string? idempotencyKey, long startedAt, TState state, Func<TState, ApiResponse, CancellationToken, ValueTask<T>> read, CancellationToken callerToken)
    : CallContext(request, idempotencyKey, startedAt, callerToken)
{
    public T? Result { get; private set; }

    public override async ValueTask ReadAsync(ApiResponse response, CancellationToken cancellationToken) =>
        Result = await read(state, response, cancellationToken).ConfigureAwait(false);
}
