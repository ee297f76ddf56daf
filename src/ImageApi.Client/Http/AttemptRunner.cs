using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using System.Runtime.ExceptionServices;

namespace ImageApi.Client.Http;

/// <summary>Carries out one attempt: message, key, sending, and the judgement of what came back.</summary>
internal sealed class AttemptRunner(Func<HttpClient> http, HttpSettings settings, TimeProvider time)
{
    private const long ExpectContinueFrom = 1024 * 1024;
    private readonly ErrorAnswerReader _errors = new(settings, time);
    private readonly LinkSender _links = new(http, settings);
    private readonly FixedHeaders _headers = new(settings.UserAgent);
    private readonly ConcurrentDictionary<string, Uri> _addresses = new(StringComparer.Ordinal);
    private AuthenticationHeaderValue? _authorization;

    /// <summary>Runs one attempt.</summary>
    /// <returns>Null when the answer was read; else what went wrong.</returns>
#if !NETSTANDARD2_0 // it has no pool for the states of waiting methods
    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]
#endif
    public async ValueTask<Fault?> RunAsync(ApiCall call, CancellationToken cancellationToken)
    {
        call.Attempts++;
        var request = call.Request;
        var key = request.Link is null || settings.Links.SendKeyToSameOrigin ? await KeyAsync(call, cancellationToken).ConfigureAwait(false) : string.Empty;
        if (request.Body is { } body)
        {
            await body.PrepareAsync(cancellationToken).ConfigureAwait(false);
        }

        using var watch = request.SendIdleTimeout is { } limit ? new Countdown(limit, time, cancellationToken) : null;
        var token = watch?.Token ?? cancellationToken;
        using var content = request.Body is null ? null : new SingleUseContent(request.Body, watch, settings.HasSendGuard, settings.Telemetry, token);
        ApiAnswer? answer = null;
        HttpStatusCode? status = null;
        HttpResponseMessage? response = null;
        try
        {
            watch?.Restart();
            response = request.Link is { } link
                ? await _links.SendAsync(link, key, request.Position, token).ConfigureAwait(false)
                : await SendAsync(call, key, content, token).ConfigureAwait(false);
            watch?.Pause();
            status = response.StatusCode;
            if (IsSuccess(response, request.Operation.Kind))
            {
                answer = new ApiAnswer(response, settings, time, key);
                request.Watch?.Answered(answer.Clean(answer.RequestId));
                ThrowIfForeign(response, request);
                await call.ReadAsync(answer, cancellationToken).ConfigureAwait(false);
                return null;
            }

            return call.Record(await _errors.ReadAsync(call, response, content, key, KeyAsync, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when ((content?.SourceError ?? (e as CallerStreamException)?.Cause) is not null)
        {
            call.MayHaveBeenCarriedOut |= content is { Started: true };
            ExceptionDispatchInfo.Capture((e as CallerStreamException)?.Cause ?? content!.SourceError!).Throw();
            throw;
        }
        catch (Exception e) when (call.CallerToken.IsCancellationRequested)
        {
            MarkIfAmbiguous(call, content, status);
            call.JobId ??= Redactor.Clean(answer?.SalvagedJobId, key);
            throw e as OperationCanceledException ?? new OperationCanceledException("The call was cancelled.", e, call.CallerToken);
        }
        catch (Exception e) when (e is OutOfMemoryException or ObjectDisposedException)
        {
            MarkIfAmbiguous(call, content, status);
            throw;
        }
        catch (Exception e) when (e is not (OutOfMemoryException or ObjectDisposedException))
        {
            var circumstances = new Circumstances(call, content, status, answer, key, settings.TrustIdempotencyKey)
            {
                Host = (request.Link ?? settings.BaseAddress).Host,
                OutOfTime = cancellationToken.IsCancellationRequested,
                EndedByPipeline = settings.AttemptPipeline is not null && time.GetElapsedTime(call.StartedAt) < request.Timeout,
                SendStalled = watch is { Expired: true },
            };
            return call.Record(ExceptionJudge.Judge(e, circumstances));
        }
        finally
        {
            if (answer is not { IsTakenOver: true })
            {
                response?.Dispose();
            }
        }
    }

    /// <summary>An attempt that ends without a judgement may have been carried out all the same: only a plain refusal is proof that nothing was done.</summary>
    private static void MarkIfAmbiguous(ApiCall call, SingleUseContent? content, HttpStatusCode? status) =>
        call.MayHaveBeenCarriedOut |= content is { Started: true } && (status is null || (int)status is < 400 or 408 or >= 500);

    private static bool IsSuccess(HttpResponseMessage response, OperationKind kind) =>
        response.IsSuccessStatusCode || (kind == OperationKind.Query && response.StatusCode == HttpStatusCode.NotModified);

    private async ValueTask<string> KeyAsync(ApiCall call, CancellationToken cancellationToken)
    {
        var key = await AskForKeyAsync(call, cancellationToken).ConfigureAwait(false);
        return HeaderText.FindKeyFault(key) is not { } fault
            ? key
            : throw new ImageApiException($"{call.Request.Operation.Name}: the API key that the provider gave {fault}")
            {
                Operation = call.Request.Operation.Name,
                Outcome = call.Outcome,
                JobId = call.JobId,
                Attempts = call.Attempts,
                IdempotencyKey = call.IdempotencyKey,
            };
    }

    /// <summary>A provider fails between two attempts as well, where the caller must hear more than its error.</summary>
    private async ValueTask<string> AskForKeyAsync(ApiCall call, CancellationToken cancellationToken)
    {
        try
        {
            return await settings.ApiKey(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested)
        {
            throw e as OperationCanceledException ?? new OperationCanceledException("The call was cancelled.", e, cancellationToken);
        }
        catch (Exception e)
        {
            throw new ImageApiException($"{call.Request.Operation.Name}: the API key provider failed with {e.GetType().Name}.", e)
            {
                Operation = call.Request.Operation.Name,
                Outcome = call.Outcome,
                JobId = call.JobId,
                Attempts = call.Attempts,
                IdempotencyKey = call.IdempotencyKey,
                RepeatsAllowed = int.MaxValue, // the next question about a job may find it well again
            };
        }
    }

    /// <summary>A message has nothing to dispose but its content, which the attempt does.</summary>
    private Task<HttpResponseMessage> SendAsync(ApiCall call, string key, SingleUseContent? content, CancellationToken cancellationToken) =>
        http().SendAsync(Message(call, key, content), HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    private HttpRequestMessage Message(ApiCall call, string key, SingleUseContent? content)
    {
        var request = call.Request;
        var message = new HttpRequestMessage(request.Method, AddressOf(request)) { Content = content };
        message.Headers.Authorization = AuthorizationWith(key);
        _headers.AddToCall(message.Headers);
        if (call.IdempotencyKey is { } idempotencyKey)
        {
            message.Headers.Add("Idempotency-Key", idempotencyKey);
        }

        if (request.Headers is { } headers)
        {
            foreach (var header in headers)
            {
                message.Headers.Add(header.Key, header.Value);
            }
        }

        var length = content?.Headers.ContentLength;
        if (length is null or >= ExpectContinueFrom && content is not null)
        {
            // a refusal arrives before the body is sent, and as a refusal instead of as a broken pipe
            message.Headers.ExpectContinue = true;
        }

        if (length is null && content is not null)
        {
            // .NET Framework would read all of the body into memory, and send it again from there where it follows a redirect
            message.Headers.TransferEncodingChunked = true;
        }

        return message;
    }

    /// <summary>Most often the key is the one of the last attempt.</summary>
    private AuthenticationHeaderValue AuthorizationWith(string key)
    {
        var last = _authorization;
        return last?.Parameter == key ? last : _authorization = new AuthenticationHeaderValue("Bearer", key);
    }

    /// <summary>Paths without an id are few, and asked for again and again.</summary>
    private Uri AddressOf(ApiRequest request)
    {
        if (request.JobId is not null)
        {
            return new Uri(settings.BaseAddress, request.Path);
        }

        if (!_addresses.TryGetValue(request.Path, out var address))
        {
            _addresses[request.Path] = address = new Uri(settings.BaseAddress, request.Path);
        }

        return address;
    }

    /// <summary>
    /// An HttpClient that was handed in may follow redirects: what comes from elsewhere, or answers a read that a request was made into,
    /// is not this API's word. Another path alone proves nothing, since a handler of the caller's may have put it there.
    /// </summary>
    private void ThrowIfForeign(HttpResponseMessage response, ApiRequest request)
    {
        if (request.Link is null && response.RequestMessage is { RequestUri: { } answered } message
            && (message.Method != request.Method || !BaseAddress.IsSameOrigin(answered, settings.BaseAddress)))
        {
            throw AnswerException.Unreadable("The answer came from another address: the HttpClient followed a redirect. Set AllowAutoRedirect to false.");
        }

        if (response.Content.Headers.Contains("Content-Encoding") && response.Content.Headers.ContentEncoding.Any(static encoding => !ChangesNothing(encoding)))
        {
            throw AnswerException.Unreadable("The answer is compressed, which was not asked for.");
        }
    }

    /// <summary>Names that object stores send although the bytes are as they were.</summary>
    private static bool ChangesNothing(string encoding) =>
        encoding.Equals("identity", StringComparison.OrdinalIgnoreCase) || encoding.Equals("aws-chunked", StringComparison.OrdinalIgnoreCase);
}
