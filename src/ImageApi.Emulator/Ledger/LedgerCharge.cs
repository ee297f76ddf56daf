namespace ImageApi.Emulator;

/// <summary>One paid request that was accepted, and therefore charged, whatever its caller was answered.</summary>
public sealed record LedgerCharge
{
    /// <summary>The endpoint that took it.</summary>
    public required EmulatorEndpoint Endpoint { get; init; }

    /// <summary>The model it asked for.</summary>
    public required string Model { get; init; }

    /// <summary>Its prompt.</summary>
    public required string Prompt { get; init; }

    /// <summary>How many pictures, videos or sounds it is charged for.</summary>
    public required int ItemCount { get; init; }

    /// <summary>When it was accepted.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>The request's id, as its answer tells it.</summary>
    public required string RequestId { get; init; }

    /// <summary>The job it became; null for a synchronous generation.</summary>
    public string? JobId { get; init; }

    /// <summary>The <c>Idempotency-Key</c> it came with.</summary>
    public string? IdempotencyKey { get; init; }
}
