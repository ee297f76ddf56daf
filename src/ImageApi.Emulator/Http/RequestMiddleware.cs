using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ImageApi.Emulator.Http;

/// <summary>The outermost middleware: assigns request ids, records requests and converts exceptions to responses.</summary>
internal sealed class RequestMiddleware(EmulatorLedger ledger, EmulatorOptions options)
{
    private static readonly object AbortedItemKey = new();

    /// <summary>Resets the connection, and removes the response from the ledger entry.</summary>
    public static void AbortConnection(HttpContext http)
    {
        http.Items[AbortedItemKey] = true;
        http.Abort();
    }

    public async Task RunAsync(HttpContext http, RequestDelegate next)
    {
        var requestId = ApiId.New("req");
        http.TraceIdentifier = requestId;
        http.Response.Headers[ApiResponseWriter.RequestIdHeader] = requestId;
        RecordRequest(http, requestId);
        try
        {
            await next(http);
            if (!http.Response.HasStarted && http.GetEndpoint()?.Metadata.GetMetadata<EndpointMetadata>() is null)
            {
                throw UnknownEndpoint(http);
            }
        }
        catch (ApiException exception) when (!http.Response.HasStarted)
        {
            await ApiResponseWriter.WriteErrorAsync(http, exception);
        }
        catch (BadHttpRequestException exception) when (!http.Response.HasStarted)
        {
            await ApiResponseWriter.WriteErrorAsync(http, ToApiException(exception));
        }
        catch (OperationCanceledException)
        {
            // The caller left or the emulator stops: nobody is there to be answered.
            AbortConnection(http);
        }
        catch (Exception exception) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            // Nothing is logged, so the answer is the only place where a fault of the emulator itself can be seen.
            await ApiResponseWriter.WriteErrorAsync(http, new ApiException(500, "server_error", $"The emulator failed: {exception.Message}", code: "emulator_failed"));
        }
    }

    private void RecordRequest(HttpContext http, string requestId)
    {
        var endpoint = http.GetEndpoint()?.Metadata.GetMetadata<EndpointMetadata>()?.Endpoint ?? EmulatorEndpoint.Other;
        ledger.RecordRequest(endpoint);
        if (!options.RecordRequests)
        {
            return;
        }

        var ledgerRequest = new LedgerRequest
        {
            RequestId = requestId,
            Timestamp = options.TimeProvider.GetUtcNow(),
            Endpoint = endpoint,
            Method = http.Request.Method,
            Path = http.Request.Path.Value ?? "",
            Headers = http.Request.Headers.ToDictionary(
                header => header.Key,
                header => header.Key.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase) ? RedactCredentials(header.Value.ToString()) : header.Value.ToString(),
                StringComparer.OrdinalIgnoreCase),
        };
        ledger.Add(ledgerRequest);
        http.Request.Body = new BodyCountingStream(http.Request.Body, ledgerRequest);
        http.Response.OnStarting(() =>
        {
            // The server prepares an answer even for a connection that was reset.
            ledgerRequest.StatusCode = http.Items.ContainsKey(AbortedItemKey) ? null : http.Response.StatusCode;
            return Task.CompletedTask;
        });
    }

    private static string RedactCredentials(string authorization) => authorization.IndexOf(' ') is > 0 and var spaceIndex ? $"{authorization[..spaceIndex]} ***" : "***";

    private static ApiException UnknownEndpoint(HttpContext http)
    {
        var methodAndPath = $"{http.Request.Method} {http.Request.Path}";
        return http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
            ? new ApiException(405, "invalid_request_error", $"Not allowed to {http.Request.Method} on {http.Request.Path}.", code: "method_not_supported")
            : ApiException.NotFound($"Invalid URL ({methodAndPath}).", "unknown_url");
    }

    private static ApiException ToApiException(BadHttpRequestException exception) => exception.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? new ApiException(413, "invalid_request_error", "The body of the request is too large.", code: "request_too_large")
        : new ApiException(exception.StatusCode, "invalid_request_error", exception.Message);
}
