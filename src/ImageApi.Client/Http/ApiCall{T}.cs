namespace ImageApi.Client.Http;

/// <inheritdoc cref="ApiCall"/>
internal sealed class ApiCall<T>(
    ApiRequest request, string? idempotencyKey, long startedAt, Func<ApiAnswer, CancellationToken, ValueTask<T>> read, CancellationToken callerToken)
    : ApiCall(request, idempotencyKey, startedAt, callerToken)
{
    public T? Result { get; private set; }

    public override async ValueTask ReadAsync(ApiAnswer answer, CancellationToken cancellationToken) =>
        Result = await read(answer, cancellationToken).ConfigureAwait(false);
}
