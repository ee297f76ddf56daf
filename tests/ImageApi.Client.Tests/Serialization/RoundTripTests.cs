using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using FsCheck.Fluent;

namespace ImageApi.Client.Tests.Serialization;

public sealed class RoundTripTests
{
    [Fact]
    public async Task P3_Requests_are_serialized_as_documented_with_any_text() => await Task.Run(() => Property.Holds(
        from prompt in Property.AnyText.Where(static text => !string.IsNullOrWhiteSpace(text))
        from user in Gen.OneOf(Gen.Constant(default(string)), Property.AnyText.Select(static text => (string?)text))
        from extra in Property.AnyText
        from bits in Gen.Choose(0, 255)
        select (prompt, user, extra, bits),
        static async sample =>
        {
            bool IsSet(int bit) => (sample.bits & (1 << bit)) != 0;
            var request = new ImageRequest
            {
                Prompt = sample.prompt,
                User = sample.user,
                Quality = IsSet(0) ? ImageQuality.High : default(ImageQuality?),
                OutputFormat = IsSet(1) ? ImageOutputFormat.Webp : default(ImageOutputFormat?),
                Background = IsSet(2) ? ImageBackground.Transparent : default(ImageBackground?),
                Count = IsSet(3) ? 3 : null,
                ReferenceImages = IsSet(4) ? null : IsSet(5) ? ["https://e.x/a"] : [],
                AdditionalParameters = IsSet(6) ? new Dictionary<string, JsonElement> { ["extra"] = JsonString(sample.extra) } : [],
            };
            var expected = new JsonObject
            {
                ["model"] = "gpt-image-2", ["prompt"] = sample.prompt, ["size"] = "1024x1024", ["response_format"] = "url",
            };
            SetIfNotNull(expected, "reference_images", IsSet(4) ? null : IsSet(5) ? new JsonArray("https://e.x/a") : []);
            SetIfNotNull(expected, "quality", IsSet(0) ? "high" : null);
            SetIfNotNull(expected, "output_format", IsSet(1) ? "webp" : null);
            SetIfNotNull(expected, "background", IsSet(2) ? "transparent" : null);
            SetIfNotNull(expected, "n", IsSet(3) ? 3 : null);
            SetIfNotNull(expected, "user", sample.user);
            SetIfNotNull(expected, "extra", IsSet(6) ? sample.extra : null);

            using var handler = new ScriptedHandler(HttpStatusCode.OK, """{ "data": [ { "url": "https://e.x/a" } ] }""");
            using var client = TestClients.Create(handler, TestClients.Options(ResponseParsing.BaseAddress));
            await client.Images.GenerateAsync(request);

            var sent = JsonNode.Parse(Assert.Single(handler.Bodies));
            Assert.True(JsonNode.DeepEquals(expected, sent), sent!.ToJsonString());
        }));

    [Theory]
    [InlineData('\ud83e')]
    [InlineData('\udd8a')]
    public async Task P3_Unpaired_surrogate_is_rejected_before_any_request(char surrogate)
    {
        using var handler = new ScriptedHandler(HttpStatusCode.OK, "{}");
        using var client = TestClients.Create(handler, TestClients.Options(ResponseParsing.BaseAddress));
        var invalid = "a" + surrogate + "b";
        var json = $$"""{ "prompt": "\u{{(int)surrogate:x4}}" }""";

        await AssertRejectedAsync(() => client.Images.GenerateAsync(new ImageRequest { Prompt = invalid }));
        await AssertRejectedAsync(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox", Model = invalid }));
        await AssertRejectedAsync(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox", User = invalid }));
        await AssertRejectedAsync(() => client.Images.GenerateAsync(new ImageRequest { Prompt = "a fox", ReferenceImages = ["https://e.x/" + surrogate] }));
        await AssertRejectedAsync(() => client.Images.GenerateAsync(new ImageRequest
        {
            Prompt = "a fox", AdditionalParameters = new Dictionary<string, JsonElement> { ["x"] = JsonElement.Parse(json) },
        }));
        await AssertRejectedAsync(() => client.Images.GenerateAsync(new ImageRequest
        {
            Prompt = "a fox", AdditionalParameters = new Dictionary<string, JsonElement> { [invalid] = JsonElement.Parse("1") },
        }));
        await AssertRejectedAsync(() => client.Jobs.SubmitAsync(new JobRequest { Input = new ImageJobInput { Prompt = invalid } }));
        await AssertRejectedAsync(() => client.Jobs.SubmitAsync(new JobRequest { Model = invalid, Input = new ImageJobInput { Prompt = "a fox" } }));
        await AssertRejectedAsync(() => client.Jobs.SubmitAsync(new JobRequest { Model = "video-1", Input = JobInput.FromJson(JsonElement.Parse(json)) }));
        Assert.Equal(0, handler.RequestCount);

        static Task AssertRejectedAsync(Func<Task> call) => Assert.ThrowsAnyAsync<ArgumentException>(call);
    }

    private static void SetIfNotNull(JsonObject target, string name, JsonNode? value)
    {
        if (value is not null)
        {
            target[name] = value;
        }
    }

    private static JsonElement JsonString(string text) => JsonElement.Parse("\"" + JsonEncodedText.Encode(text) + "\"");
}
