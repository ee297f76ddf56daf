using System.Text.Json.Nodes;
using WireMock.RequestBuilders;
using WireMock.ResponseBuilders;
using WireMock.Server;

namespace ImageApi.Client.Extensions.AI.Tests.Support;

/// <summary>A server with canned answers that keeps what it was sent.</summary>
internal sealed class WireMockFixture : IDisposable
{
    private readonly WireMockServer _server = WireMockServer.Start();

    public WireMockFixture()
    {
        RespondWith("/v1/images/generations", """{ "created": 1710000000, "data": [ { "url": "https://example.com/output.png" } ] }""");
        RespondWith("/v1/jobs", """{ "id": "job_example", "status": "succeeded", "output": { "images": [ { "url": "https://example.com/output.png" } ] } }""");
        RespondWith("/v1/jobs/job_example", """{ "id": "job_example", "status": "succeeded", "output": { "images": [ { "url": "https://example.com/output.png" } ] } }""");
        Client = new ImageApiClient(new ImageApiClientOptions { BaseAddress = new Uri(_server.Url!), ApiKey = "test-key-0123456789abcdef" });
    }

    public ImageApiClient Client { get; }

    public IImageGenerator Generator => Client.AsIImageGenerator();

    public IImageGenerator JobGenerator => Client.AsIImageGenerator(options: EmulatorFixture.WithJobs());

    public int RequestCount => _server.LogEntries.Count;

    /// <summary>The body that was sent first.</summary>
    public JsonObject FirstRequestBody => JsonNode.Parse(_server.LogEntries[0].RequestMessage!.Body!)!.AsObject();

    /// <summary>The input of the job that was sent.</summary>
    public JsonObject FirstJobInput => FirstRequestBody["input"]!.AsObject();

    public string? FirstRequestHeader(string name) =>
        _server.LogEntries[0].RequestMessage!.Headers!.TryGetValue(name, out var values) ? string.Join(',', values) : null;

    public void RespondWith(string path, string json) =>
        _server.Given(Request.Create().WithPath(path)).RespondWith(Response.Create().WithStatusCode(200).WithHeader("Content-Type", "application/json").WithBody(json));

    public void Dispose()
    {
        Client.Dispose();
        _server.Dispose();
    }
}
