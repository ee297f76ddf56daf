using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;

namespace ImageApi.Client.Tests.Jobs;

public sealed partial class JobInputTests
{
    [Fact]
    public async Task FromJson_sends_custom_input_to_a_video_model()
    {
        var input = JobInput.FromJson(JsonElement.Parse("""{ "prompt": "海浪", "first_frame_url": "https://e.x/a.png", "duration": 5, "generate_audio": true, "seed": null }"""));

        await AssertSentAsync(
            new JobRequest { Model = "video-1", Input = input },
            """{ "model": "video-1", "input": { "prompt": "海浪", "first_frame_url": "https://e.x/a.png", "duration": 5, "generate_audio": true, "seed": null } }""");
    }

    [Fact]
    public async Task From_serializes_a_custom_type_for_an_audio_model() => await AssertSentAsync(
        new JobRequest { Model = "audio-1", Input = JobInput.From(new Speech { Text = "Hello \"你好\"", Seconds = 2.5 }, SpeechContext.Default.Speech) },
        """{ "model": "audio-1", "input": { "text": "Hello \"你好\"", "seconds": 2.5 } }""");

    [Fact]
    public async Task FromJson_input_outlives_its_JsonDocument()
    {
        JobInput input;
        using (var document = JsonDocument.Parse("""{ "prompt": "x" }"""))
        {
            input = JobInput.FromJson(document.RootElement);
        }

        Assert.Contains("x", await SendAsync(new JobRequest { Model = "video-1", Input = input }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("\"x\"")]
    [InlineData("null")]
    [InlineData("7")]
    public void FromJson_rejects_json_that_is_not_an_object(string json) => Assert.Throws<ArgumentException>(() => JobInput.FromJson(JsonElement.Parse(json)));

    [Fact]
    public void FromJson_rejects_an_undefined_JsonElement() => Assert.Throws<ArgumentException>(() => JobInput.FromJson(default));

    [Fact]
    public void From_rejects_null() => Assert.Throws<ArgumentException>(() => JobInput.From<Speech>(null!, SpeechContext.Default.Speech));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData(" ")]
    public async Task Json_input_requires_a_model(string? model) =>
        await Assert.ThrowsAnyAsync<ArgumentException>(() => SendAsync(new JobRequest { Model = model, Input = JobInput.FromJson(JsonElement.Parse("{}")) }));

    [Fact]
    public async Task Video_job_output_is_parsed()
    {
        using var handler = new ScriptedHandler(HttpStatusCode.OK, """{ "id": "job_v", "status": "completed", "output": { "videos": [ { "url": "https://e.x/v", "duration": 5 } ] } }""");
        using var client = TestClients.Create(handler, TestClients.Options(ResponseParsing.BaseAddress));

        var job = await client.Jobs.RunAsync(new JobRequest { Model = "video-1", Input = JobInput.FromJson(JsonElement.Parse("{}")) });

        Assert.Equal((MediaKind.Video, TimeSpan.FromSeconds(5)), (job.Output.Videos[0].Kind, job.Output.Videos[0].Duration));
        Assert.Empty(job.Output.Images);
    }

    [Fact]
    public async Task ReferenceImageUrls_rejects_inline_images() => await Assert.ThrowsAsync<ArgumentException>(() => SendAsync(
        new JobRequest { Input = new ImageJobInput { Prompt = "x", ReferenceImageUrls = [ReferenceImage.FromBytes(new byte[1])] } }));

    [Theory]
    [InlineData("prompt")]
    [InlineData("n")]
    [InlineData("aspect_ratio")]
    public async Task AdditionalParameters_rejects_names_of_known_properties(string name) => await Assert.ThrowsAsync<ArgumentException>(() => SendAsync(
        new JobRequest { Input = new ImageJobInput { Prompt = "x", AdditionalParameters = new Dictionary<string, JsonElement> { [name] = JsonElement.Parse("1") } } }));

    private static async Task<string> SendAsync(JobRequest request)
    {
        using var handler = new ScriptedHandler(HttpStatusCode.OK, """{ "id": "job_1" }""");
        using var client = TestClients.Create(handler, TestClients.Options(ResponseParsing.BaseAddress));
        await client.Jobs.SubmitAsync(request);
        return handler.Bodies[0];
    }

    private static async Task AssertSentAsync(JobRequest request, string expected)
    {
        var sent = await SendAsync(request);
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
