using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ImageApi.Client.Tests.Jobs;

public sealed partial class JobInputTests
{
    [Fact]
    public async Task A_video_model_takes_free_json()
    {
        var input = JobInput.FromJson(JsonElement.Parse("""{ "prompt": "海浪", "first_frame_url": "https://e.x/a.png", "duration": 5, "generate_audio": true, "seed": null }"""));

        await AssertSent(
            new JobRequest { Model = "video-1", Input = input },
            """{ "model": "video-1", "input": { "prompt": "海浪", "first_frame_url": "https://e.x/a.png", "duration": 5, "generate_audio": true, "seed": null } }""");
    }

    [Fact]
    public async Task An_audio_model_takes_a_type_of_the_callers_own() => await AssertSent(
        new JobRequest { Model = "audio-1", Input = JobInput.From(new Speech { Text = "Hello \"你好\"", Seconds = 2.5 }, SpeechContext.Default.Speech) },
        """{ "model": "audio-1", "input": { "text": "Hello \"你好\"", "seconds": 2.5 } }""");

    [Fact]
    public async Task Free_json_outlives_its_document()
    {
        JobInput input;
        using (var document = JsonDocument.Parse("""{ "prompt": "x" }"""))
        {
            input = JobInput.FromJson(document.RootElement);
        }

        Assert.Contains("x", await Send(new JobRequest { Model = "video-1", Input = input }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData("7")]
    public void An_input_must_be_an_object(string json) => Assert.Throws<ArgumentException>(() => JobInput.FromJson(JsonElement.Parse(json)));

    [Fact]
    public void An_undefined_input_is_refused() => Assert.Throws<ArgumentException>(() => JobInput.FromJson(default));

    [Fact]
    public void Nothing_as_input_is_refused() => Assert.Throws<ArgumentException>(() => JobInput.From<Speech>(null!, SpeechContext.Default.Speech));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Free_input_needs_a_model(string? model) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => Send(new JobRequest { Model = model, Input = JobInput.FromJson(JsonElement.Parse("{}")) }));

    [Fact]
    public async Task A_video_job_is_read_to_its_output()
    {
        using var handler = new PolicyHandler(HttpStatusCode.OK, """{ "id": "job_v", "status": "completed", "output": { "videos": [ { "url": "https://e.x/v", "duration": 5 } ] } }""");
        using var client = Clients.For(handler, Clients.Options(Answers.BaseAddress));

        var job = await client.Jobs.RunAsync(new JobRequest { Model = "video-1", Input = JobInput.FromJson(JsonElement.Parse("{}")) });

        Assert.Equal((MediaKind.Video, TimeSpan.FromSeconds(5)), (job.Output.Videos[0].Kind, job.Output.Videos[0].Duration));
        Assert.Empty(job.Output.Images);
    }

    [Fact]
    public async Task Links_only_go_into_the_list_of_links() => await Assert.ThrowsAsync<ArgumentException>(() => Send(
        new JobRequest { Input = new ImageJobInput { Prompt = "x", ReferenceImageUrls = [ReferenceImage.FromBytes(new byte[1])] } }));

    [Theory]
    [InlineData("prompt")]
    [InlineData("n")]
    [InlineData("aspect_ratio")]
    public async Task A_parameter_with_a_property_of_its_own_is_not_written_twice(string name) => await Assert.ThrowsAsync<ArgumentException>(() => Send(
        new JobRequest { Input = new ImageJobInput { Prompt = "x", AdditionalParameters = new Dictionary<string, JsonElement> { [name] = JsonElement.Parse("1") } } }));

    private static async Task<string> Send(JobRequest request)
    {
        using var handler = new PolicyHandler(HttpStatusCode.OK, """{ "id": "job_1" }""");
        using var client = Clients.For(handler, Clients.Options(Answers.BaseAddress));
        await client.Jobs.SubmitAsync(request);
        return handler.Bodies[0];
    }

    private static async Task AssertSent(JobRequest request, string expected)
    {
        var sent = await Send(request);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(expected), JsonNode.Parse(sent)), sent);
    }

    internal sealed record Speech
    {
        public string Text { get; init; } = "";

        public double Seconds { get; init; }

        public string? Voice { get; init; }
    }

    [JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
    [JsonSerializable(typeof(Speech))]
    private sealed partial class SpeechContext : JsonSerializerContext;
}
