using System.Buffers;
using System.Text;
using System.Text.Json;
using ImageApi.Client.Http.Content;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Http.Retries;
using ImageApi.Client.Http.Timeouts;
using ImageApi.Client.Redaction;

namespace ImageApi.Client.Http.Failures;

/// <summary>Reads an error response: its error, its Retry-After, and the retry decision that follows.</summary>
internal sealed class ErrorResponseReader(TransportSettings settings, TimeProvider time)
{
    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxMessageLength = 512;
    private static readonly TimeSpan MaxBodyTime = TimeSpan.FromSeconds(5);

    public async ValueTask<AttemptFailure> ReadAsync(
        CallContext call,
        HttpResponseMessage httpResponse,
        SingleSendContent? content,
        string apiKey,
        Func<CallContext, CancellationToken, ValueTask<string>> nextApiKey,
        CancellationToken cancellationToken)
    {
        var body = await ReadBodyAsync(httpResponse, cancellationToken).ConfigureAwait(false);
        var error = FailureClassifier.Redact(Parse(body), apiKey);
        var status = (int)httpResponse.StatusCode;
        var retryAfter = RetryAfterParser.Parse(httpResponse.Headers, time);
        var conditions = new RetryConditions(FailureKind.ErrorStatus, content is { Started: true }, call.Request.Body?.CanReplay ?? true)
        {
            Status = status,
            ErrorCode = error?.Code,
            HasRetryAfter = retryAfter is not null,
            RetryForbidden = httpResponse.Headers.TryGetValues("x-should-retry", out var values) && values.Any(static v => v.Equals("false", StringComparison.OrdinalIgnoreCase)),
            HonorsIdempotencyKey = settings.ServerHonorsIdempotencyKeys && call.IdempotencyKey is not null,
            HasNewApiKey = status == 401 && apiKey.Length > 0 && await HasNewApiKeyAsync(call, apiKey, nextApiKey, cancellationToken).ConfigureAwait(false),
        };
        return new AttemptFailure
        {
            Reason = ImageApiFailureReason.Response,
            Message = Describe(httpResponse, error, body, apiKey),
            Conditions = conditions,
            Decision = RetryClassifier.Classify(call.Request.Operation.Kind, conditions),
            StatusCode = httpResponse.StatusCode,
            Error = error,
            JobId = SecretRedactor.Redact(error?.JobId, apiKey),
            RequestId = SecretRedactor.Redact(error?.RequestId ?? ApiResponse.HeaderRequestId(httpResponse), apiKey),
            RetryAfter = retryAfter,
            Excerpt = SecretRedactor.Redact(body, apiKey),
        };
    }

    private static async ValueTask<bool> HasNewApiKeyAsync(
        CallContext call, string apiKey, Func<CallContext, CancellationToken, ValueTask<string>> nextApiKey, CancellationToken cancellationToken)
    {
        try
        {
            return await nextApiKey(call, cancellationToken).ConfigureAwait(false) != apiKey;
        }
        catch (ImageApiException)
        {
            return false; // the refusal is what the caller must hear of, not that there is no other key
        }
    }

    private static ApiError? Parse(string body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            return ErrorBodyParser.Parse(document.RootElement);
        }
        catch (JsonException)
        {
            return null; // not JSON: the text itself is the message
        }
    }

    /// <summary>Masks what is not the library's own before it is cut: half a key is a secret as well.</summary>
    private static string Describe(HttpResponseMessage httpResponse, ApiError? error, string body, string apiKey)
    {
        var status = $"HTTP {(int)httpResponse.StatusCode}";
        if ((int)httpResponse.StatusCode is >= 300 and < 400)
        {
            return $"{status}: the server redirects to {SecretRedactor.Redact(LocationText(httpResponse.Headers.Location), apiKey)}, which is not followed for API calls.";
        }

        var text = error?.Message ?? (LooksLikeMarkup(httpResponse, body) ? null : body.Trim());
        if (string.IsNullOrEmpty(text))
        {
            text = httpResponse.ReasonPhrase;
        }

        text = SecretRedactor.Redact(text, apiKey);

        return string.IsNullOrEmpty(text) ? $"{status}."
            : text!.Length > MaxMessageLength ? $"{status}: {text.Substring(0, MaxMessageLength)}…" : $"{status}: {text}";
    }

    private static string LocationText(Uri? location) => location switch
    {
        null => "nowhere",
        _ => UriText.WithoutQuery(location.OriginalString),
    };

    private static bool LooksLikeMarkup(HttpResponseMessage httpResponse, string body) =>
        httpResponse.Content.Headers.ContentType?.MediaType?.Contains("html") == true || body.TrimStart().StartsWith("<", StringComparison.Ordinal)
        || body.TrimStart().StartsWith("{", StringComparison.Ordinal) || body.TrimStart().StartsWith("[", StringComparison.Ordinal);

    /// <summary>Reads what comes within a bound of bytes and time; what went wrong after that does not matter: the status is the answer.</summary>
    private async ValueTask<string> ReadBodyAsync(HttpResponseMessage httpResponse, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBodyBytes);
        var filled = 0;
        using var timeout = new ResettableTimeout(MaxBodyTime, time, cancellationToken);
        timeout.Restart();
        try
        {
            using var stream = await httpResponse.Content.ReadAsStreamAsync(timeout.Token).ConfigureAwait(false);
            int count;
            while (filled < MaxBodyBytes
                && (count = await stream.ReadAsync(buffer.AsMemory(filled, MaxBodyBytes - filled), timeout.Token).ConfigureAwait(false)) > 0)
            {
                filled += count;
            }
        }
        catch (Exception e) when (e is IOException or HttpRequestException or InvalidDataException or OperationCanceledException && !cancellationToken.IsCancellationRequested)
        {
            // cut, or too slow: what has come is enough
        }

        settings.Telemetry.Received(filled);
        var body = Encoding.UTF8.GetString(buffer.AsSpan(0, filled)).TrimStart('\uFEFF');
        ArrayPool<byte>.Shared.Return(buffer);
        return body;
    }
}
