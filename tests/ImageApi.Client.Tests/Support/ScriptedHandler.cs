using System.Net;
using System.Text;

namespace ImageApi.Client.Tests.Support;

/// <summary>Answers by a script instead of a wire: for policy in virtual time only. It takes the whole request in before it answers.</summary>
internal sealed class ScriptedHandler(Func<int, CancellationToken, HttpResponseMessage> respond) : HttpMessageHandler
{
    private readonly List<string> _bodies = [];

    public ScriptedHandler(HttpStatusCode status, string body)
        : this((_, _) => CreateResponse(status, body))
    {
    }

    public int RequestCount { get; private set; }

    /// <summary>Gets or sets what happens before the body of a request is taken: a thrown error was an error of connecting.</summary>
    public Action<int> BeforeBody { get; set; } = static _ => { };

    public IReadOnlyList<string> Bodies => _bodies;

    public static HttpResponseMessage CreateResponse(HttpStatusCode status, string body, string mediaType = "application/json") => new(status)
    {
        Content = new StringContent(body, Encoding.UTF8, mediaType),
    };

    public static HttpResponseMessage CreateResponse(byte[] body) => new(HttpStatusCode.OK) { Content = new ByteArrayContent(body) };

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var index = RequestCount++;
        BeforeBody(index);
        if (request.Content is { } content)
        {
            using var copy = new MemoryStream();
            await content.CopyToAsync(copy, cancellationToken);
            _bodies.Add(Encoding.UTF8.GetString(copy.ToArray()));
        }

        var response = respond(index, cancellationToken);
        response.RequestMessage = request;
        return response;
    }
}
