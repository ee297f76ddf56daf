namespace ImageApi.Client.Tests.Jobs;

public sealed class JobOutputParserTests
{
    private const string ImageUrl = "https://e.x/a.png";
    private const string Base64Data = "AQID";

    [Theory]
    [InlineData("""{ "output": { "images": [ { "url": "https://e.x/a.png" } ] } }""")]
    [InlineData("""{ "output": { "images": [ "https://e.x/a.png" ] } }""")]
    [InlineData("""{ "output": { "images": "https://e.x/a.png" } }""")]
    [InlineData("""{ "output": { "images": { "url": "https://e.x/a.png" } } }""")]
    [InlineData("""{ "output": { "images": [ { "url": [ "https://e.x/a.png" ] } ] } }""")]
    [InlineData("""{ "output": { "images": [ { "image_url": "https://e.x/a.png" } ] } }""")]
    [InlineData("""{ "output": { "images": [ null, { "url": null }, { "url": "" }, { "url": "https://e.x/a.png" }, 7, true, [] ] } }""")]
    [InlineData("""{ "output": { "images": [ { "url": "https://e.x/a.png" }, { "url": "https://e.x/a.png" } ] } }""")]
    [InlineData("""{ "output": [ { "url": "https://e.x/a.png" } ] }""")]
    [InlineData("""{ "output": [ "https://e.x/a.png" ] }""")]
    [InlineData("""{ "output": "https://e.x/a.png" }""")]
    [InlineData("""{ "output": { "url": "https://e.x/a.png" } }""")]
    [InlineData("""{ "output": { "images": [] }, "data": [ { "url": "https://e.x/a.png" } ] }""")]
    [InlineData("""{ "output": null, "data": [ { "url": "https://e.x/a.png" } ] }""")]
    [InlineData("""{ "data": [ "https://e.x/a.png" ] }""")]
    [InlineData("""{ "images": [ { "url": "https://e.x/a.png" } ] }""")]
    [InlineData("""{ "result": { "images": [ { "url": "https://e.x/a.png" } ] } }""")]
    [InlineData("""{ "output": { "images": [ { "url": " https://e.x/a.png " } ] } }""")]
    public void One_image_is_parsed_in_every_response_shape(string members)
    {
        var image = Assert.Single(Parse(members).Output.All);

        Assert.Equal((MediaKind.Image, ImageUrl), (image.Kind, image.Url));
    }

    [Theory]
    [InlineData("""{ "output": { "videos": [ { "url": "https://e.x/a" } ] } }""", MediaKind.Video)]
    [InlineData("""{ "output": { "audios": [ { "url": "https://e.x/a" } ] } }""", MediaKind.Audio)]
    [InlineData("""{ "output": [ { "video_url": "https://e.x/a", "mime_type": "video/mp4" } ] }""", MediaKind.Video)]
    [InlineData("""{ "output": "https://e.x/a.mp4?signature=1" }""", MediaKind.Video)]
    [InlineData("""{ "output": "https://e.x/a.wav" }""", MediaKind.Audio)]
    [InlineData("""{ "output": { "audio_url": "https://e.x/a", "content_type": "audio/mpeg" } }""", MediaKind.Audio)]
    public void Media_kind_follows_from_property_type_or_file_extension(string members, MediaKind kind) =>
        Assert.Equal(kind, Assert.Single(Parse(members).Output.All).Kind);

    [Theory]
    [InlineData("""{ "output": { "images": [ { "b64_json": "AQID" } ] } }""", null)]
    [InlineData("""{ "output": { "images": [ { "data_base64": "AQID", "mime_type": "image/webp" } ] } }""", "image/webp")]
    [InlineData("""{ "output": { "images": [ { "b64_json": "data:image/png;base64,AQID" } ] } }""", "image/png")]
    [InlineData("""{ "output": { "images": [ { "url": "data:image/png;base64,AQID" } ] } }""", "image/png")]
    [InlineData("""{ "output": { "images": [ "data:image/png;base64,AQID" ] } }""", "image/png")]
    [InlineData("""{ "output": { "images": [ { "url": "", "b64_json": "AQID" } ] } }""", null)]
    [InlineData("""{ "output": "data:image/png;base64,AQID" }""", "image/png")]
    [InlineData("""{ "data": [ { "b64_json": "AQID" } ] }""", null)]
    [InlineData("""{ "surprise": { "b64_json": "AQID" } }""", null)]
    public void Base64_data_is_parsed_in_every_response_shape(string members, string? mimeType)
    {
        var image = Assert.Single(Parse(members).Output.All);

        Assert.Equal(new byte[] { 1, 2, 3 }, image.Data!.Value.ToArray());
        Assert.Equal(mimeType, image.MimeType);
    }

    [Fact]
    public void Base64_data_and_url_of_one_item_give_one_image()
    {
        var image = Assert.Single(Parse($$"""{ "output": { "images": [ { "url": "{{ImageUrl}}", "b64_json": "{{Base64Data}}" } ] } }""").Output.Images);

        Assert.Equal(ImageUrl, image.Url);
        Assert.Equal(3, image.Data!.Value.Length);
    }

    [Fact]
    public void Data_in_unknown_properties_is_ignored_if_output_exists() =>
        Assert.Single(Parse($$"""{ "output": { "images": [ "{{ImageUrl}}" ] }, "input": { "image_url": "data:image/png;base64,{{Base64Data}}" } }""").Output.All);

    [Theory]
    [InlineData("")]
    [InlineData("\"output\": null")]
    [InlineData("\"output\": {}")]
    [InlineData("\"output\": []")]
    [InlineData("\"output\": \"\"")]
    [InlineData("\"output\": 7")]
    [InlineData("\"output\": { \"images\": null }")]
    [InlineData("\"output\": { \"images\": [] }")]
    [InlineData("\"output\": { \"images\": [ null ] }")]
    [InlineData("\"output\": { \"images\": [ { \"url\": null } ] }")]
    [InlineData("\"output\": { \"images\": [ { \"b64_json\": \"\" } ] }")]
    [InlineData("\"output\": { \"images\": [ { \"url\": \"javascript:alert(1)\" } ] }")]
    [InlineData("\"output\": { \"images\": [ { \"url\": \"file:///etc/passwd\" } ] }")]
    [InlineData("\"output\": { \"images\": [ { \"url\": \"ftp://e.x/a\" } ] }")]
    [InlineData("\"output\": { \"images\": [ { \"url\": \"lifted:0\" } ] }")]
    [InlineData("\"data\": {}")]
    [InlineData("\"result\": [ 1 ]")]
    public void J9_missing_output_gives_empty_lists(string members)
    {
        var output = ResponseParsing.ParseJob("{ \"id\": \"a\"" + (members.Length > 0 ? ", " : "") + members + " }").Output;

        Assert.Empty(output.Images);
        Assert.Empty(output.Videos);
        Assert.Empty(output.Audio);
    }

    [Theory]
    [InlineData("/out/a.png", "https://backend:8000/out/a.png")]
    [InlineData("out/a.png", "https://backend:8000/out/a.png")]
    [InlineData("//cdn.e.x/a.png", "https://cdn.e.x/a.png")]
    [InlineData("/out/a.png?x=1&y=%2F", "https://backend:8000/out/a.png?x=1&y=%2F")]
    public void Relative_url_is_resolved_against_the_base_address(string url, string expected) =>
        Assert.Equal(expected, Assert.Single(Parse($$"""{ "output": { "images": [ { "url": "{{url}}" } ] } }""").Output.Images).Url);

    [Fact]
    public void Url_longer_than_the_Uri_limit_is_kept()
    {
        var url = ImageUrl + "?" + new string('x', 70_000 / 2);

        Assert.Equal(url, Assert.Single(Parse($$"""{ "output": [ "{{url}}" ] }""").Output.Images).Url);
    }

    [Fact]
    public void Failed_item_is_returned_with_the_successful_ones()
    {
        var images = Parse($$"""{ "output": { "images": [ { "url": "{{ImageUrl}}" }, { "error": { "message": "blocked", "code": "moderation_blocked" } } ] } }""").Output.Images;

        Assert.Null(images[0].Error);
        Assert.Equal(("blocked", "moderation_blocked"), (images[1].Error!.Message, images[1].Error!.Code));
    }

    [Fact]
    public void All_known_item_properties_are_parsed()
    {
        var video = Assert.Single(Parse(
            """
            { "output": { "videos": [ { "url": "https://e.x/a", "mime_type": "video/mp4", "revised_prompt": "a fox", "width": 640, "height": "480",
              "duration": 2.5, "expires_at": 1710000000, "fps": 24 } ] } }
            """).Output.Videos);

        Assert.Equal(("video/mp4", "a fox", 640, 480), (video.MimeType, video.RevisedPrompt, video.Width, video.Height));
        Assert.Equal((TimeSpan.FromSeconds(2.5), DateTimeOffset.FromUnixTimeSeconds(1710000000)), (video.Duration, video.ExpiresAt));
        Assert.Equal(24, Assert.Single(video.AdditionalProperties).Value.GetInt32());
    }

    [Theory]
    [InlineData("\"width\": 1e400")]
    [InlineData("\"width\": \"wide\"")]
    [InlineData("\"width\": 99999999999")]
    [InlineData("\"duration\": -1, \"width\": null")]
    [InlineData("\"duration\": 1e300")]
    [InlineData("\"duration\": \"long\"")]
    [InlineData("\"expires_at\": {}")]
    [InlineData("\"mime_type\": 7")]
    [InlineData("\"error\": []")]
    public void Invalid_item_property_is_ignored(string member)
    {
        var image = Assert.Single(Parse($$"""{ "output": { "images": [ { "url": "{{ImageUrl}}", {{member}} } ] } }""").Output.Images);

        Assert.Equal(ImageUrl, image.Url);
        Assert.True(image is { Width: null, Duration: null, ExpiresAt: null, Error: null });
    }

    [Fact]
    public void Media_items_contain_their_job_id() => Assert.Equal("a", Parse($$"""{ "output": [ "{{ImageUrl}}" ] }""").Output.Images[0].JobId);

    private static Job Parse(string members) => ResponseParsing.ParseJob("{ \"id\": \"a\", \"status\": \"succeeded\", " + members.Trim()[1..]);
}
