using ImageApi.Client.Validation;

namespace ImageApi.Client;

/// <summary>Settings for one call.</summary>
public sealed class RequestOptions
{
    /// <summary>Gets or sets the limit for the whole call: all attempts, the waits between them, and the reading of the answer.</summary>
    /// <value>More than zero, at most 45 days. The default is the client's own limit for this kind of call.</value>
    /// <remarks>It spans what comes before as well, such as uploads of references (<c>ReferenceImages.UploadThreshold</c>): nothing is bought when it strikes there, and what they
    /// take is missing for the generation. Without it, uploads and the request each have a limit of their own.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The value is out of bounds.</exception>
    public TimeSpan? Timeout
    {
        get;
        set
        {
            TimeoutValidation.ThrowIfOutOfRange(value, nameof(Timeout));
            field = value;
        }
    }

    /// <summary>Gets or sets the idempotency key of a paid call, the same on every attempt.</summary>
    /// <value>1 to 255 visible ASCII characters. The default is a new one for every call.</value>
    /// <remarks>The API documents no idempotency (sending a key is OpenAI's convention), so a key never makes a repetition safe by itself.</remarks>
    /// <exception cref="ArgumentException">The value is empty, too long, or holds other characters.</exception>
    public string? IdempotencyKey
    {
        get;
        set
        {
            HeaderValidation.ThrowIfInvalidIdempotencyKey(value, nameof(IdempotencyKey));
            field = value;
        }
    }

    /// <summary>Gets or sets additional request headers.</summary>
    /// <value>Names that the client does not set itself, values of visible ASCII characters and spaces. The default is none.</value>
    /// <exception cref="ArgumentException">A name or value cannot be sent, or the client sets the header itself.</exception>
    public IReadOnlyDictionary<string, string>? Headers
    {
        get;
        set
        {
            HeaderValidation.ThrowIfInvalidHeaders(value, nameof(Headers));
            field = value;
        }
    }
}
