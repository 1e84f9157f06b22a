<?php

namespace MediaWiki\Extension\Communique;

use Config;
use Html;
use MediaWiki\Hook\ParserFirstCallInitHook;
use Parser;

/**
 * The tag `<communique />`: a chat in its place in the page, a floating button, or the whole chat page in a frame.
 *
 * Nothing of what an editor writes reaches the page but values from lists, numbers and escaped text, and the
 * server is always the one of the wiki's configuration.
 */
class Tag implements ParserFirstCallInitHook {
	private const VIEWS = [ 'inline', 'floating', 'frame' ];
	private const LANGUAGES = [ 'en', 'fr' ];
	private const THEMES = [ 'light', 'dark' ];
	private const HEIGHT = 600;

	private Config $config;

	public function __construct( Config $config ) {
		$this->config = $config;
	}

	/** @inheritDoc */
	public function onParserFirstCallInit( $parser ) {
		$parser->setHook( 'communique', [ $this, 'draw' ] );
	}

	/**
	 * The HTML of one tag; what is between its ends is not looked at.
	 */
	public function draw( ?string $content, array $attributes, Parser $parser ): string {
		$server = rtrim( $this->config->get( 'CommuniqueServer' ), '/' );
		if ( !preg_match( '~^https?://[^\s"\'<>]+$~', $server ) ) {
			return Html::element( 'strong', [ 'class' => 'error' ], wfMessage( 'communique-no-server' )->text() );
		}
		$view = self::oneOf( self::VIEWS, $attributes['view'] ?? null ) ?? 'inline';
		$language = self::oneOf( self::LANGUAGES, $attributes['lang'] ?? null );
		$height = (int)( $attributes['height'] ?? 0 );
		$height = $height >= 200 && $height <= 2000 ? $height : self::HEIGHT;
		if ( $view === 'frame' ) {
			return Html::element( 'iframe', [
				'src' => "$server/?" . wfArrayToCgi( [ 'embed' => 'true', 'lang' => $language ] ),
				'title' => wfMessage( 'communique-title' )->text(),
				'width' => '100%',
				'height' => $height,
				'style' => 'border: 1px solid #d5dde6; border-radius: 8px',
				'loading' => 'lazy',
				'allow' => 'clipboard-write',
				'referrerpolicy' => 'origin',
			] );
		}
		$parser->getOutput()->addHeadItem(
			Html::element( 'script', [ 'src' => "$server/widget.js", 'data-mode' => 'none', 'async' => true ] ),
			'communique'
		);
		return Html::element( 'communique-chat', [
			'server' => $server,
			'mode' => $view,
			'lang' => $language,
			'theme' => self::oneOf( self::THEMES, $attributes['theme'] ?? null ),
			'title-text' => $attributes['title'] ?? null,
			'questions' => $attributes['questions'] ?? null,
			'height' => $view === 'inline' ? "{$height}px" : null,
			'copy' => 'wikitext',
			'token-url' => $this->config->get( 'CommuniqueKey' ) === '' ? null
				: wfScript( 'api' ) . '?action=communiquetoken&format=json&formatversion=2',
		] );
	}

	private static function oneOf( array $known, ?string $value ): ?string {
		return in_array( $value, $known, true ) ? $value : null;
	}
}
