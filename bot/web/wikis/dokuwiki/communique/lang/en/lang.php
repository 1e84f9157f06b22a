<?php

$lang['title'] = 'Ask the press releases';
$lang['no_server'] = 'No chat: the setting plugin»communique»server holds no address.';
