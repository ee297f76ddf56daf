using System.Collections.Concurrent;
using ImageApi.Emulator.Http;
using Microsoft.AspNetCore.Http;

namespace ImageApi.Emulator.Generations;

/// <summary>Charges what is accepted, and knows what an idempotency key was charged for already.</summary>
internal sealed class BillingService(EmulatorLedger ledger, EmulatorOptions options)
{
    private const string IdempotencyKeyHeader = "Idempotency-Key";

    private readonly ConcurrentDictionary<string, GenerationRequest> _byIdempotencyKey = new(StringComparer.Ordinal);

    /// <summary>Charges an order, or tells the one that was charged under the same key before.</summary>
    public GenerationRequest Charge(HttpContext http, EmulatorEndpoint endpoint, GenerationRequest request, out bool isRepeat)
    {
        var idempotencyKey = http.Request.Headers[IdempotencyKeyHeader].ToString() is { Length: > 0 } headerValue ? headerValue : null;
        if (idempotencyKey is not null && options.HonorIdempotencyKeys)
        {
            var original = _byIdempotencyKey.GetOrAdd(idempotencyKey, request);
            if (original.Id != request.Id)
            {
                isRepeat = true;
                return original.Prompt == request.Prompt && original.Model == request.Model && original.Id[..3] == request.Id[..3]
                    ? original
                    : throw new ApiException(422, "invalid_request_error", "This Idempotency-Key was used for another request.", code: "idempotency_key_reused");
            }
        }

        isRepeat = false;
        ledger.Add(new LedgerCharge
        {
            Endpoint = endpoint,
            Model = request.Model,
            Prompt = request.Prompt,
            ItemCount = request.Count,
            Timestamp = request.Created,
            RequestId = http.TraceIdentifier,
            JobId = endpoint == EmulatorEndpoint.JobSubmission ? request.Id : null,
            IdempotencyKey = idempotencyKey,
        });
        return request;
    }
}
