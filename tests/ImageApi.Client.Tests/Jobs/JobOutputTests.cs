using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Jobs;

public sealed class JobOutputTests
{
    [Theory]
    [InlineData("output", """{"id":"job_1","status":"succeeded","output":{"mesh":"model.glb"}}""")]
    [InlineData("result", """{"id":"job_1","status":"succeeded","result":{"text":"a poem"}}""")]
    public async Task J9_unknown_output_is_kept_in_additional_properties(string member, string json)
    {
        var job = await GetAsync(json);

        Assert.Empty(job.Output.All);
        Assert.Equal(JsonValueKind.Object, job.AdditionalProperties[member].ValueKind);
    }

    [Fact]
    public async Task Parsed_output_is_not_in_additional_properties()
    {
        var job = await GetAsync("""{"id":"job_1","status":"succeeded","output":{"images":[{"url":"https://cdn.example/a.png"}]}}""");

        Assert.Single(job.Output.Images);
        Assert.Empty(job.AdditionalProperties);
    }

    private static async Task<Job> GetAsync(string json)
    {
        using var stub = new StubHandler(new FakeTimeProvider(), StubHandler.Json(json));
        using var client = TestClients.Create(stub, TestClients.Options(new Uri("https://api.example")));
        return await client.Jobs.GetAsync("job_1");
    }
}
