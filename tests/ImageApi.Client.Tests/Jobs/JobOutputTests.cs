using System.Text.Json;
using Microsoft.Extensions.Time.Testing;

namespace ImageApi.Client.Tests.Jobs;

public sealed class JobOutputTests
{
    [Theory]
    [InlineData("output", """{"id":"job_1","status":"succeeded","output":{"mesh":"model.glb"}}""")]
    [InlineData("result", """{"id":"job_1","status":"succeeded","result":{"text":"a poem"}}""")]
    public async Task J9_output_of_an_unknown_shape_stays_within_reach(string member, string answer)
    {
        var job = await GetAsync(answer);

        Assert.Empty(job.Output.All);
        Assert.Equal(JsonValueKind.Object, job.AdditionalProperties[member].ValueKind);
    }

    [Fact]
    public async Task Output_that_was_read_is_not_kept_twice()
    {
        var job = await GetAsync("""{"id":"job_1","status":"succeeded","output":{"images":[{"url":"https://cdn.example/a.png"}]}}""");

        Assert.Single(job.Output.Images);
        Assert.Empty(job.AdditionalProperties);
    }

    private static async Task<Job> GetAsync(string answer)
    {
        using var stub = new StubHandler(new FakeTimeProvider(), StubHandler.Json(answer));
        using var client = Clients.For(stub, Clients.Options(new Uri("https://api.example")));
        return await client.Jobs.GetAsync("job_1");
    }
}
