using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace ImageApi.Emulator.Http;

/// <summary>The outermost step: gives every request an id, writes it down, and turns refusals into answers.</summary>
internal sealed class RequestLog(EmulatorLedger ledger, EmulatorOptions options)
{
    private static readonly object HungUp = new();

    /// <summary>Resets the connection, and sees to it that the ledger tells of no answer.</summary>
    public static void HangUp(HttpContext http)
    {
        http.Items[HungUp] = true;
        http.Abort();
    }

    public async Task RunAsync(HttpContext http, RequestDelegate next)
    {
        var requestId = ApiId.New("req");
        http.TraceIdentifier = requestId;
        http.Response.Headers[ApiAnswer.RequestIdHeader] = requestId;
        WriteDown(http, requestId);
        try
        {
            await next(http);
            if (!http.Response.HasStarted && http.GetEndpoint()?.Metadata.GetMetadata<EndpointMark>() is null)
            {
                throw Unknown(http);
            }
        }
        catch (ApiException refusal) when (!http.Response.HasStarted)
        {
            await ApiAnswer.WriteErrorAsync(http, refusal);
        }
        catch (BadHttpRequestException bad) when (!http.Response.HasStarted)
        {
            await ApiAnswer.WriteErrorAsync(http, TooLargeOrBad(bad));
        }
        catch (OperationCanceledException)
        {
            // The caller left or the emulator stops: nobody is there to be answered.
            HangUp(http);
        }
        catch (Exception broken) when (!http.Response.HasStarted && !http.RequestAborted.IsCancellationRequested)
        {
            // Nothing is logged, so the answer is the only place where a fault of the emulator itself can be seen.
            await ApiAnswer.WriteErrorAsync(http, new ApiException(500, "server_error", $"The emulator failed: {broken.Message}", code: "emulator_failed"));
        }
    }

    private void WriteDown(HttpContext http, string requestId)
    {
        var endpoint = http.GetEndpoint()?.Metadata.GetMetadata<EndpointMark>()?.Endpoint ?? EmulatorEndpoint.Other;
        ledger.Count(endpoint);
        if (!options.KeepRequests)
        {
            return;
        }

        var entry = new LedgerRequest
        {
            RequestId = requestId,
            At = options.TimeProvider.GetUtcNow(),
            Endpoint = endpoint,
            Method = http.Request.Method,
            Path = http.Request.Path.Value ?? "",
            Headers = http.Request.Headers.ToDictionary(
                header => header.Key,
                header => header.Key.Equals(HeaderNames.Authorization, StringComparison.OrdinalIgnoreCase) ? Scheme(header.Value.ToString()) : header.Value.ToString(),
                StringComparer.OrdinalIgnoreCase),
        };
        ledger.Add(entry);
        http.Request.Body = new CountingStream(http.Request.Body, entry);
        http.Response.OnStarting(() =>
        {
            // The server prepares an answer even for a connection that was reset.
            entry.StatusCode = http.Items.ContainsKey(HungUp) ? null : http.Response.StatusCode;
            return Task.CompletedTask;
        });
    }

    private static string Scheme(string authorization) => authorization.IndexOf(' ') is > 0 and var space ? $"{authorization[..space]} ***" : "***";

    private static ApiException Unknown(HttpContext http)
    {
        var what = $"{http.Request.Method} {http.Request.Path}";
        return http.Response.StatusCode == StatusCodes.Status405MethodNotAllowed
            ? new ApiException(405, "invalid_request_error", $"Not allowed to {http.Request.Method} on {http.Request.Path}.", code: "method_not_supported")
            : ApiException.NotFound($"Invalid URL ({what}).", "unknown_url");
    }

    private static ApiException TooLargeOrBad(BadHttpRequestException bad) => bad.StatusCode == StatusCodes.Status413PayloadTooLarge
        ? new ApiException(413, "invalid_request_error", "The body of the request is too large.", code: "request_too_large")
        : new ApiException(bad.StatusCode, "invalid_request_error", bad.Message);
}
