namespace ImageApi.Client.Http;

/// <inheritdoc cref="ApiCall"/>
internal sealed class ApiCall<TState, T>(
    ApiRequest request, string? idempotencyKey, long startedAt, TState state, Func<TState, ApiAnswer, CancellationToken, ValueTask<T>> read, CancellationToken callerToken)
    : ApiCall(request, idempotencyKey, startedAt, callerToken)
{
    public T? Result { get; private set; }

    public override async ValueTask ReadAsync(ApiAnswer answer, CancellationToken cancellationToken) =>
        Result = await read(state, answer, cancellationToken).ConfigureAwait(false);
}
