using System.Text.Json.Nodes;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace ImageApi.Client.Extensions.AI.Tests.Support;

/// <summary>A server with canned answers that keeps what it was sent.</summary>
internal sealed class Wire : IDisposable
{
    private readonly WireMockServer _server = WireMockServer.Start();

    public Wire()
    {
        Answer("/v1/images/generations", """{ "created": 1710000000, "data": [ { "url": "https://example.com/output.png" } ] }""");
        Answer("/v1/jobs", """{ "id": "job_example", "status": "succeeded", "output": { "images": [ { "url": "https://example.com/output.png" } ] } }""");
        Answer("/v1/jobs/job_example", """{ "id": "job_example", "status": "succeeded", "output": { "images": [ { "url": "https://example.com/output.png" } ] } }""");
        Client = new ImageApiClient(new ImageApiClientOptions { BaseAddress = new Uri(_server.Url!), ApiKey = "test-key-0123456789abcdef" });
    }

    public ImageApiClient Client { get; }

    public IImageGenerator Generator => Client.AsIImageGenerator();

    public IImageGenerator Jobs => Client.AsIImageGenerator(options: World.OverJobs());

    public int Requests => _server.LogEntries.Count;

    /// <summary>The body that was sent first.</summary>
    public JsonObject Sent => JsonNode.Parse(_server.LogEntries[0].RequestMessage!.Body!)!.AsObject();

    /// <summary>The input of the job that was sent.</summary>
    public JsonObject SentInput => Sent["input"]!.AsObject();

    public string? HeaderOfSent(string name) =>
        _server.LogEntries[0].RequestMessage!.Headers!.TryGetValue(name, out var values) ? string.Join(',', values) : null;

    public void Answer(string path, string json) =>
        _server.Given(Request.Create().WithPath(path)).RespondWith(Response.Create().WithStatusCode(200).WithHeader("Content-Type", "application/json").WithBody(json));

    public void Dispose()
    {
        Client.Dispose();
        _server.Dispose();
    }
}
