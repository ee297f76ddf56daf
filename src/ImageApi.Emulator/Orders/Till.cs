using System.Collections.Concurrent;
using ImageApi.Emulator.Http;
using Microsoft.AspNetCore.Http;

namespace ImageApi.Emulator.Orders;

/// <summary>Charges what is accepted, and knows what an idempotency key was charged for already.</summary>
internal sealed class Till(EmulatorLedger ledger, EmulatorOptions options)
{
    private const string KeyHeader = "Idempotency-Key";

    private readonly ConcurrentDictionary<string, Order> _byKey = new(StringComparer.Ordinal);

    /// <summary>Charges an order, or tells the one that was charged under the same key before.</summary>
    public Order Charge(HttpContext http, EmulatorEndpoint endpoint, Order order, out bool known)
    {
        var key = http.Request.Headers[KeyHeader].ToString() is { Length: > 0 } sent ? sent : null;
        if (key is not null && options.HonourIdempotencyKeys)
        {
            var first = _byKey.GetOrAdd(key, order);
            if (first.Id != order.Id)
            {
                known = true;
                return first.Prompt == order.Prompt && first.Model == order.Model && first.Id[..3] == order.Id[..3]
                    ? first
                    : throw new ApiException(422, "invalid_request_error", "This Idempotency-Key was used for another request.", code: "idempotency_key_reused");
            }
        }

        known = false;
        ledger.Add(new LedgerCharge
        {
            Endpoint = endpoint,
            Model = order.Model,
            Prompt = order.Prompt,
            Items = order.Count,
            At = order.Created,
            RequestId = http.TraceIdentifier,
            JobId = endpoint == EmulatorEndpoint.JobSubmission ? order.Id : null,
            IdempotencyKey = key,
        });
        return order;
    }
}
