using System.Net;
using System.Text;

namespace ImageApi.Client.Tests.Support;

/// <summary>Answers requests in order without a socket, on the test's own clock: for pure policy. The last answer repeats.</summary>
internal sealed class StubHandler(TimeProvider timeProvider, params Func<HttpRequestMessage, HttpResponseMessage>[] responses) : HttpMessageHandler
{
    private readonly DateTimeOffset _start = timeProvider.GetUtcNow();

    /// <summary>The requests so far: method, path, and the seconds since the start.</summary>
    public List<(string Method, string Path, double At)> Requests { get; } = [];

    public IEnumerable<double> RequestTimes(string method) => Requests.Where(request => request.Method == method).Select(static request => request.At);

    public static Func<HttpRequestMessage, HttpResponseMessage> Json(string json, int status = 200, string? retryAfter = null) => _ =>
    {
        var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };
        if (retryAfter is not null)
        {
            Assert.True(response.Headers.TryAddWithoutValidation("Retry-After", retryAfter));
        }

        return response;
    };

    public static Func<HttpRequestMessage, HttpResponseMessage> Job(string status, string id = "job_1", string output = "") =>
        Json($$$"""{"id":"{{{id}}}","status":"{{{status}}}","output":{"images":[{{{output}}}]}}""");

    public static Func<HttpRequestMessage, HttpResponseMessage> SucceededJob(string id = "job_1") => Job("succeeded", id, """{"url":"https://cdn.example/a.png"}""");

    public static Func<HttpRequestMessage, HttpResponseMessage> ConnectionFailure() => static _ => throw new HttpRequestException("cut", new IOException("cut"));

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        Requests.Add((request.Method.Method, request.RequestUri!.AbsolutePath, (timeProvider.GetUtcNow() - _start).TotalSeconds));
        if (request.Content is { } content)
        {
            await content.CopyToAsync(Stream.Null, cancellationToken).ConfigureAwait(false);
        }

        var response = responses[Math.Min(Requests.Count, responses.Length) - 1](request);
        response.RequestMessage = request;
        return response;
    }
}
