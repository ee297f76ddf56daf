using System.Buffers;
using System.Text;
using System.Text.Json;

namespace ImageApi.Client.Http;

/// <summary>Reads an answer that says no: its error, its wishes for the next try, and what follows from them.</summary>
internal sealed class ErrorAnswerReader(HttpSettings settings, TimeProvider time)
{
    private const int MaxBodyBytes = 64 * 1024;
    private const int MaxMessageLength = 512;
    private static readonly TimeSpan MaxBodyTime = TimeSpan.FromSeconds(5);

    public async ValueTask<Fault> ReadAsync(
        ApiCall call,
        HttpResponseMessage response,
        SingleUseContent? content,
        string key,
        Func<ApiCall, CancellationToken, ValueTask<string>> nextKey,
        CancellationToken cancellationToken)
    {
        var body = await BodyAsync(response, cancellationToken).ConfigureAwait(false);
        var error = ExceptionJudge.Clean(Parse(body), key);
        var status = (int)response.StatusCode;
        var retryAfter = RetryAfterHeader.Read(response.Headers, time);
        var seen = new Observation(AttemptEnd.Answered, content is { Started: true }, call.Request.Body?.CanRepeat ?? true)
        {
            Status = status,
            ErrorCode = error?.Code,
            HasRetryAfter = retryAfter is not null,
            RetryForbidden = response.Headers.TryGetValues("x-should-retry", out var values) && values.Any(static v => v.Equals("false", StringComparison.OrdinalIgnoreCase)),
            KeyIsHonoured = settings.TrustIdempotencyKey && call.IdempotencyKey is not null,
            KeyChanged = status == 401 && key.Length > 0 && await HasOtherKeyAsync(call, key, nextKey, cancellationToken).ConfigureAwait(false),
        };
        return new Fault
        {
            Kind = FaultKind.Error,
            Message = Describe(response, error, body, key),
            Seen = seen,
            Verdict = RetryRules.Judge(call.Request.Operation.Kind, seen),
            StatusCode = response.StatusCode,
            Error = error,
            JobId = Redactor.Clean(error?.JobId, key),
            RequestId = Redactor.Clean(error?.RequestId ?? ApiAnswer.HeaderRequestId(response), key),
            RetryAfter = retryAfter,
            Excerpt = Redactor.Clean(body, key),
        };
    }

    private static async ValueTask<bool> HasOtherKeyAsync(
        ApiCall call, string key, Func<ApiCall, CancellationToken, ValueTask<string>> nextKey, CancellationToken cancellationToken)
    {
        try
        {
            return await nextKey(call, cancellationToken).ConfigureAwait(false) != key;
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
            return ErrorReader.Read(document.RootElement);
        }
        catch (JsonException)
        {
            return null; // not JSON: the text itself is the message
        }
    }

    /// <summary>Masks what is not the library's own before it is cut: half a key is a secret as well.</summary>
    private static string Describe(HttpResponseMessage response, ApiError? error, string body, string key)
    {
        var status = $"HTTP {(int)response.StatusCode}";
        if ((int)response.StatusCode is >= 300 and < 400)
        {
            return $"{status}: the server redirects to {Redactor.Clean(Where(response.Headers.Location), key)}, which is not followed for API calls.";
        }

        var text = error?.Message ?? (LooksLikeMarkup(response, body) ? null : body.Trim());
        if (string.IsNullOrEmpty(text))
        {
            text = response.ReasonPhrase;
        }

        text = Redactor.Clean(text, key);

        return string.IsNullOrEmpty(text) ? $"{status}."
            : text!.Length > MaxMessageLength ? $"{status}: {text.Substring(0, MaxMessageLength)}…" : $"{status}: {text}";
    }

    private static string Where(Uri? location) => location switch
    {
        null => "nowhere",
        _ => Links.WithoutQuery(location.OriginalString),
    };

    private static bool LooksLikeMarkup(HttpResponseMessage response, string body) =>
        response.Content.Headers.ContentType?.MediaType?.Contains("html") == true || body.TrimStart().StartsWith("<", StringComparison.Ordinal)
        || body.TrimStart().StartsWith("{", StringComparison.Ordinal) || body.TrimStart().StartsWith("[", StringComparison.Ordinal);

    /// <summary>Reads what comes within a bound of bytes and time; what went wrong after that does not matter: the status is the answer.</summary>
    private async ValueTask<string> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(MaxBodyBytes);
        var filled = 0;
        using var watch = new Countdown(MaxBodyTime, time, cancellationToken);
        watch.Restart();
        try
        {
            using var stream = await response.Content.ReadAsStreamAsync(watch.Token).ConfigureAwait(false);
            int count;
            while (filled < MaxBodyBytes
                && (count = await stream.ReadAsync(buffer.AsMemory(filled, MaxBodyBytes - filled), watch.Token).ConfigureAwait(false)) > 0)
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
