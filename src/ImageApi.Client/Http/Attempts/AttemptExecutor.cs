using System.Net;
using System.Net.Http.Headers;
using System.Runtime.ExceptionServices;
using ImageApi.Client.Exceptions.Internal;
using ImageApi.Client.Http.Content;
using ImageApi.Client.Http.Downloads;
using ImageApi.Client.Http.Errors;
using ImageApi.Client.Http.Failures;
using ImageApi.Client.Http.Handlers;
using ImageApi.Client.Http.Timeouts;
using ImageApi.Client.Redaction;
using ImageApi.Client.Validation;

namespace ImageApi.Client.Http.Attempts;

/// <summary>Carries out one attempt: message, key, sending, and the judgement of what came back.</summary>
internal sealed class AttemptExecutor(Func<HttpClient> http, TransportSettings settings, TimeProvider time)
{
    private const long ExpectContinueThreshold = 1024 * 1024;
    private readonly ErrorResponseReader _errors = new(settings, time);
    private readonly DownloadSender _downloads = new(http, settings);
    private readonly DefaultHeaders _headers = new(settings.UserAgent);
    private AuthenticationHeaderValue? _authorization;

    /// <summary>Runs one attempt.</summary>
    /// <returns>Null when the answer was read; else what went wrong.</returns>
#if !NETSTANDARD2_0 // it has no pool for the states of waiting methods
    [System.Runtime.CompilerServices.AsyncMethodBuilder(typeof(System.Runtime.CompilerServices.PoolingAsyncValueTaskMethodBuilder<>))]
#endif
    public async ValueTask<AttemptFailure?> ExecuteAsync(CallContext call, CancellationToken cancellationToken)
    {
        call.Attempts++;
        var request = call.Request;
        var apiKey = request.DownloadUri is null || settings.Downloads.SendApiKeyToSameOrigin ? await GetApiKeyAsync(call, cancellationToken).ConfigureAwait(false) : string.Empty;
        if (request.Body is { } body)
        {
            await body.PrepareAsync(cancellationToken).ConfigureAwait(false);
        }

        using var sendTimeout = request.SendIdleTimeout is { } limit ? new ResettableTimeout(limit, time, cancellationToken) : null;
        var token = sendTimeout?.Token ?? cancellationToken;
        using var content = request.Body is null ? null : new SingleSendContent(request.Body, sendTimeout, settings.HasSingleSendHandler, settings.Telemetry, token);
        ApiResponse? response = null;
        HttpStatusCode? status = null;
        HttpResponseMessage? httpResponse = null;
        try
        {
            sendTimeout?.Restart();
            httpResponse = request.DownloadUri is { } downloadUri
                ? await _downloads.SendAsync(downloadUri, apiKey, request.ResumeState, token).ConfigureAwait(false)
                : await SendAsync(call, apiKey, content, token).ConfigureAwait(false);
            sendTimeout?.Pause();
            status = httpResponse.StatusCode;
            if (IsSuccess(httpResponse, request.Operation.Kind))
            {
                response = new ApiResponse(httpResponse, settings, time, apiKey);
                request.Observer?.OnResponse(response.Redact(response.RequestId));
                ThrowIfRedirectedOrEncoded(httpResponse, request);
                await call.ReadAsync(response, cancellationToken).ConfigureAwait(false);
                return null;
            }

            return call.AddFailure(await _errors.ReadAsync(call, httpResponse, content, apiKey, GetApiKeyAsync, cancellationToken).ConfigureAwait(false));
        }
        catch (Exception e) when ((content?.SourceError ?? (e as CallerIOException)?.Cause) is not null)
        {
            call.MayHaveBeenBilled |= content is { Started: true };
            ExceptionDispatchInfo.Capture((e as CallerIOException)?.Cause ?? content!.SourceError!).Throw();
            throw;
        }
        catch (Exception e) when (call.CallerToken.IsCancellationRequested)
        {
            MarkIfPossiblyBilled(call, content, status);
            call.JobId ??= SecretRedactor.Redact(response?.RecoveredJobId, apiKey);
            throw e as OperationCanceledException ?? new OperationCanceledException("The call was canceled.", e, call.CallerToken);
        }
        catch (Exception e) when (e is OutOfMemoryException or ObjectDisposedException)
        {
            MarkIfPossiblyBilled(call, content, status);
            throw;
        }
        catch (Exception e) when (e is not (OutOfMemoryException or ObjectDisposedException))
        {
            var conditions = new AttemptConditions(call, content, status, response, apiKey, settings.ServerHonorsIdempotencyKeys)
            {
                Host = HostAndPort(request.DownloadUri ?? settings.BaseAddress),
                IsCallTimeout = cancellationToken.IsCancellationRequested,
                IsPipelineTimeout = settings.AttemptPipeline is not null && time.GetElapsedTime(call.StartedAt) < request.Timeout,
                IsSendTimeout = sendTimeout is { IsExpired: true },
            };
            return call.AddFailure(FailureClassifier.Classify(e, conditions));
        }
        finally
        {
            if (response is not { IsDetached: true })
            {
                httpResponse?.Dispose();
            }
        }
    }

    /// <summary>An attempt that ends without a judgement may have been carried out all the same: only a plain refusal is proof that nothing was done.</summary>
    private static void MarkIfPossiblyBilled(CallContext call, SingleSendContent? content, HttpStatusCode? status) =>
        call.MayHaveBeenBilled |= content is { Started: true } && (status is null || (int)status is < 400 or 408 or >= 500);

    private static string HostAndPort(Uri uri) => FormattableString.Invariant($"{uri.Host}:{uri.Port}");

    private static bool IsSuccess(HttpResponseMessage httpResponse, OperationKind kind) =>
        httpResponse.IsSuccessStatusCode || (kind == OperationKind.Query && httpResponse.StatusCode == HttpStatusCode.NotModified);

    private async ValueTask<string> GetApiKeyAsync(CallContext call, CancellationToken cancellationToken)
    {
        var apiKey = await ReadApiKeyAsync(call, cancellationToken).ConfigureAwait(false);
        return HeaderValidation.FindApiKeyError(apiKey) is not { } error
            ? apiKey
            : throw ExceptionFactory.ApiKeyFailed(call, $"The API key from the provider {error}", cause: null);
    }

    /// <summary>A provider fails between two attempts as well, where the caller must hear more than its error.</summary>
    private async ValueTask<string> ReadApiKeyAsync(CallContext call, CancellationToken cancellationToken)
    {
        try
        {
            return await settings.ApiKey(cancellationToken).ConfigureAwait(false);
        }
        catch (Exception e) when (cancellationToken.IsCancellationRequested)
        {
            throw e as OperationCanceledException ?? new OperationCanceledException("The call was canceled.", e, cancellationToken);
        }
        catch (Exception e)
        {
            throw ExceptionFactory.ApiKeyFailed(call, $"The API key provider failed with {e.GetType().Name}.", e);
        }
    }

    /// <summary>A message has nothing to dispose but its content, which the attempt does.</summary>
    private Task<HttpResponseMessage> SendAsync(CallContext call, string apiKey, SingleSendContent? content, CancellationToken cancellationToken) =>
        http().SendAsync(Message(call, apiKey, content), HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    private HttpRequestMessage Message(CallContext call, string apiKey, SingleSendContent? content)
    {
        var request = call.Request;
        var message = new HttpRequestMessage(request.Method, new Uri(settings.BaseAddress, request.Path)) { Content = content };
        message.Headers.Authorization = AuthorizationWith(apiKey);
        _headers.AddToApiRequest(message.Headers);
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
        if (length is null or >= ExpectContinueThreshold && content is not null)
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
    private AuthenticationHeaderValue AuthorizationWith(string apiKey)
    {
        var last = _authorization;
        return last?.Parameter == apiKey ? last : _authorization = new AuthenticationHeaderValue("Bearer", apiKey);
    }

    /// <summary>
    /// An HttpClient that was handed in may follow redirects: what comes from elsewhere, or answers a read that a request was made into,
    /// is not this API's word. Another path alone proves nothing, since a handler of the caller's may have put it there.
    /// </summary>
    private void ThrowIfRedirectedOrEncoded(HttpResponseMessage httpResponse, ApiRequest request)
    {
        if (request.DownloadUri is null && httpResponse.RequestMessage is { RequestUri: { } responseUri } message
            && (message.Method != request.Method || !BaseAddressValidation.IsSameOrigin(responseUri, settings.BaseAddress)))
        {
            throw InvalidResponseException.Invalid("The answer came from another address: the HttpClient followed a redirect. Set AllowAutoRedirect to false.");
        }

        if (httpResponse.Content.Headers.Contains("Content-Encoding") && httpResponse.Content.Headers.ContentEncoding.Any(static encoding => !IsIdentityEncoding(encoding)))
        {
            throw InvalidResponseException.Invalid("The answer is compressed, which was not asked for.");
        }
    }

    /// <summary>Names that object stores send although the bytes are as they were.</summary>
    private static bool IsIdentityEncoding(string encoding) =>
        encoding.Equals("identity", StringComparison.OrdinalIgnoreCase) || encoding.Equals("aws-chunked", StringComparison.OrdinalIgnoreCase);
}
